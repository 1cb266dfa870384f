package io.lepton.benchmarks;

import io.lepton.arrow.ElementType;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables of random values as Parquet, the same every time. */
public enum GeneratedTable {
  /** 28 columns of float. */
  FLOATS(4_000_000) {
    @Override
    StructType features() {
      StructType schema = new StructType();
      for (int i = 0; i < COLUMNS; i++) {
        schema = schema.add("f" + i, DataTypes.FloatType, false);
      }
      return schema;
    }

    @Override
    Object[] values(Random random) {
      Object[] values = new Object[COLUMNS];
      for (int i = 0; i < COLUMNS; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }

    @Override
    InputSpec input() {
      return InputSpec.numbers("x", List.of("f*"), ElementType.FLOAT32, List.of());
    }

    @Override
    float touch(Row row) {
      float sum = 0;
      for (int i = 0; i < COLUMNS; i++) {
        sum += row.getFloat(i);
      }
      return sum;
    }
  },

  /** A column of array of 784 floats. */
  ARRAYS(150_000) {
    @Override
    StructType features() {
      return new StructType()
          .add("x", DataTypes.createArrayType(DataTypes.FloatType, false), false);
    }

    @Override
    Object[] values(Random random) {
      Float[] array = new Float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        array[i] = random.nextFloat();
      }
      return new Object[] {array};
    }

    @Override
    InputSpec input() {
      return InputSpec.numbers("x", List.of("x"), ElementType.FLOAT32, List.of(WIDTH));
    }

    @Override
    float touch(Row row) {
      float sum = 0;
      for (Object value : row.getList(0)) {
        sum += (Float) value;
      }
      return sum;
    }
  },

  /** A column of binary images of 32×32×3 bytes. */
  IMAGES(200_000) {
    @Override
    StructType features() {
      return new StructType().add("x", DataTypes.BinaryType, false);
    }

    @Override
    Object[] values(Random random) {
      byte[] image = new byte[SIDE * SIDE * CHANNELS];
      random.nextBytes(image);
      return new Object[] {image};
    }

    @Override
    InputSpec input() {
      return InputSpec.image("x", "x", List.of(SIDE, SIDE, CHANNELS));
    }

    @Override
    float touch(Row row) {
      float sum = 0;
      for (byte value : (byte[]) row.get(0)) {
        sum += value;
      }
      return sum;
    }
  };

  static final int COLUMNS = 28;
  static final int WIDTH = 784;
  static final int SIDE = 32;
  static final int CHANNELS = 3;
  private static final int CLASSES = 10;

  /** Generators with seeds in a row begin alike. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final long rows;

  GeneratedTable(long rows) {
    this.rows = rows;
  }

  long rows() {
    return rows;
  }

  abstract StructType features();

  abstract Object[] values(Random random);

  abstract InputSpec input();

  /** Reads every value of a boxed row. */
  abstract float touch(Row row);

  DataSpec spec() {
    return new DataSpec(List.of(input()), LabelSpec.of("label", CLASSES), null);
  }

  /** The table's path; written if it is not there. */
  String in(Path directory, SparkSession spark) {
    Path path = directory.resolve(name().toLowerCase(Locale.ROOT) + ".parquet");
    write(path, 0, rows, (id, values, random) -> (int) (id % CLASSES), spark);
    return path.toString();
  }

  /** Writes rows with numbers of a range, if they are not there. */
  void write(Path path, long from, long to, LabelRule rule, SparkSession spark) {
    if (!Files.exists(path.resolve("_SUCCESS"))) {
      StructType schema = features().add("label", DataTypes.IntegerType, false);
      MapFunction<Long, Row> row = id -> row(id, rule);
      spark
          .range(from, to, 1, 2)
          .map(row, Encoders.row(schema))
          .write()
          .mode("overwrite")
          .parquet(path.toString());
    }
  }

  private Row row(long id, LabelRule rule) {
    Random random = new Random(id * SPREAD);
    Object[] values = values(random);
    Object[] row = Arrays.copyOf(values, values.length + 1);
    row[values.length] = rule.label(id, values, random);
    return RowFactory.create(row);
  }

  /** What gives a row its label; it may change the row's features. */
  interface LabelRule extends Serializable {
    int label(long id, Object[] values, Random random);
  }
}
