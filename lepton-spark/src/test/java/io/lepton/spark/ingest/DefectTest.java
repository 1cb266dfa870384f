package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that cannot be trained on are told all at once, whichever way they come in. */
class DefectTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("a", DataTypes.DoubleType)
          .add("array", DataTypes.createArrayType(DataTypes.FloatType))
          .add("count", DataTypes.IntegerType)
          .add("image", DataTypes.BinaryType)
          .add("label", DataTypes.DoubleType)
          .add("weight", DataTypes.FloatType);
  private static final DataSpec SPEC =
      new DataSpec(
          List.of(
              InputSpec.numbers("a", List.of("a"), ElementType.FLOAT64, List.of()),
              InputSpec.numbers("array", List.of("array"), ElementType.FLOAT32, List.of(3)),
              InputSpec.numbers("count", List.of("count"), ElementType.UINT8, List.of()),
              InputSpec.image("image", "image", List.of(2, 2, 1))),
          new LabelSpec("label", 3),
          "weight");
  private static final String MESSAGE =
      String.join(
          "\n  ",
          "the data cannot be trained on:",
          "column 'a': values must be finite; 2 rows break that, first row 2 of partition 0 with"
              + " NaN",
          "column 'a': values must not be null; 1 row breaks that, first row 1 of partition 0 with"
              + " null",
          "column 'array': arrays must have 3 elements; 2 rows break that, first row 4 of"
              + " partition 0 with 2 elements",
          "column 'array': values must be finite; 1 row breaks that, first row 6 of partition 0"
              + " with -Infinity at element 1",
          "column 'array': values must not be null; 2 rows break that, first row 7 of partition 0"
              + " with null at element 2",
          "column 'count': uint8 values must be whole numbers from 0 to 255; 2 rows break that,"
              + " first row 9 of partition 0 with 256",
          "column 'image': binary must have 4 bytes; 1 row breaks that, first row 11 of partition"
              + " 0 with 3 bytes",
          "column 'image': values must not be null; 1 row breaks that, first row 12 of partition 0"
              + " with null",
          "column 'label': classes must be whole numbers from 0 to 2; 3 rows break that, first row"
              + " 13 of partition 0 with 3.0",
          "column 'label': values must not be null; 1 row breaks that, first row 16 of partition 0"
              + " with null",
          "column 'weight': values must not be null; 1 row breaks that, first row 20 of partition"
              + " 0 with null",
          "column 'weight': weights must be finite and not negative; 3 rows break that, first row"
              + " 17 of partition 0 with -0.5");

  @TempDir private Path directory;

  private final SparkSession spark = Cluster.local();

  @Test
  void allDefectsOfColumnarBatchesAreToldAtOnce() {
    assertThat(refused(data(), 2)).hasMessage(MESSAGE);
  }

  @Test
  void allDefectsOfRowsAreToldAtOnce() {
    assertThat(refused(data().filter("coalesce(label, 0) > -5"), 7)).hasMessage(MESSAGE);
  }

  @Test
  void defectsCanBeReadOneByOne() {
    DataException refused = refused(data(), 1);

    assertThat(refused.defects()).hasSize(12);
    assertThat(refused.defects().get(0))
        .isEqualTo(new Defect("a", "values must be finite", 2, 0, 2, "NaN"));
  }

  @Test
  void theSampleIsTheFirstRowOfTheFirstPartition() {
    Dataset<Row> data =
        spark
            .range(0, 9, 1, 3)
            .selectExpr(
                "if(id in (5, 6), null, double(id)) as a",
                "array(1f, 2f, 3f) as array",
                "4 as count",
                "X'01020304' as image",
                "1.0D as label",
                "1f as weight");

    assertThat(refused(data, 3))
        .hasMessage(
            "the data cannot be trained on:\n  column 'a': values must not be null; 2 rows break"
                + " that, first row 2 of partition 1 with null");
  }

  private DataException refused(Dataset<Row> data, int buckets) {
    DataBinding binding = DataBinding.bind(SPEC, data.schema());
    DataException refused =
        catchThrowableOfType(
            DataException.class,
            () ->
                Ingest.whole(
                    "the data",
                    data,
                    binding,
                    1,
                    buckets,
                    new ShardStorage(directory.toString(), 0)));
    assertThat(ExecutorMemory.SHARDS.getAllocatedMemory()).isZero();
    return refused;
  }

  private Dataset<Row> data() {
    Float[] array = floats(1f, 2f, 3f);
    byte[] image = new byte[4];
    List<Row> rows =
        List.of(
            row(0.5, array, 0, image, 2.0, 0f),
            row(null, array, 0, image, 2.0, 1f),
            row(Double.NaN, array, 0, image, 2.0, 1f),
            row(Double.POSITIVE_INFINITY, array, 0, image, 2.0, 1f),
            row(0.5, floats(1f, 2f), 0, image, 2.0, 1f),
            row(0.5, floats(1f, 2f, 3f, 4f), 0, image, 2.0, 1f),
            row(0.5, floats(1f, Float.NEGATIVE_INFINITY, 3f), 0, image, 2.0, 1f),
            row(0.5, floats(1f, 2f, null), 0, image, 2.0, 1f),
            row(0.5, null, 0, image, 2.0, 1f),
            row(0.5, array, 256, image, 2.0, 1f),
            row(0.5, array, -1, image, 2.0, 1f),
            row(0.5, array, 255, new byte[3], 2.0, 1f),
            row(0.5, array, 0, null, 2.0, 1f),
            row(0.5, array, 0, image, 3.0, 1f),
            row(0.5, array, 0, image, 0.5, 1f),
            row(0.5, array, 0, image, -1.0, 1f),
            row(0.5, array, 0, image, null, 1f),
            row(0.5, array, 0, image, 0.0, -0.5f),
            row(0.5, array, 0, image, 0.0, Float.NaN),
            row(0.5, array, 0, image, 0.0, Float.POSITIVE_INFINITY),
            row(0.5, array, 0, image, 0.0, null));
    String path = directory.resolve("defects.parquet").toString();
    spark.createDataFrame(rows, SCHEMA).coalesce(1).write().mode("overwrite").parquet(path);
    return LeptonSpark.read(spark, "parquet", path, 2);
  }

  private static Row row(
      Double a, Float[] array, Integer count, byte[] image, Double label, Float weight) {
    return RowFactory.create(a, array, count, image, label, weight);
  }

  private static Float[] floats(Float... values) {
    return values;
  }
}
