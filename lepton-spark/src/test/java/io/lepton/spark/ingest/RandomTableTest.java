package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.data.Filling;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of any columns of numbers and any values, against what the boxed values say. */
class RandomTableTest {
  private static final int ROWS = 700;
  private static final int INPUTS = 6;
  private static final int MOST_ELEMENTS = 9;
  private static final List<DataType> NUMBERS =
      List.of(
          DataTypes.BooleanType,
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.FloatType,
          DataTypes.DoubleType,
          DataTypes.createDecimalType(9, 2),
          DataTypes.createDecimalType(30, 4));

  @TempDir private Path directory;

  private final List<DataType> types = new ArrayList<>();
  private final List<InputSpec> inputs = new ArrayList<>();
  private final List<Function<Row, String>> expected = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyNumberIsStoredAsItsBoxedSelfSays(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < INPUTS; i++) {
      ElementType stored = random.nextBoolean() ? ElementType.FLOAT32 : ElementType.FLOAT64;
      Missing missing = random.nextInt(3) == 0 ? Missing.DROP_ROW : Missing.FILL;
      int elements = 1 + random.nextInt(MOST_ELEMENTS);
      if (random.nextBoolean()) {
        addScalars(random, stored, missing, elements);
      } else {
        addArray(random, stored, missing, elements);
      }
    }
    List<Row> rows = rows(random, random.nextInt(3) * 0.01);

    Ingested ingested =
        Ingested.of(Cluster.local(), directory, schema(), rows, inputs.toArray(InputSpec[]::new));

    assertThat(ingested.rows())
        .isEqualTo(rows.stream().map(this::line).filter(Objects::nonNull).toList());
  }

  private void addScalars(Random random, ElementType stored, Missing missing, int elements) {
    int first = types.size();
    IntStream.range(0, elements)
        .forEach(i -> types.add(NUMBERS.get(random.nextInt(NUMBERS.size()))));
    List<String> columns =
        IntStream.range(first, types.size()).mapToObj(RandomTableTest::name).toList();
    inputs.add(input(columns, stored, List.of(), missing));
    expected.add(
        row ->
            text(
                IntStream.range(first, first + elements).mapToObj(i -> row.get(i + 1)).toArray(),
                stored,
                missing));
  }

  private void addArray(Random random, ElementType stored, Missing missing, int elements) {
    int place = types.size();
    types.add(DataTypes.createArrayType(NUMBERS.get(random.nextInt(NUMBERS.size()))));
    inputs.add(input(List.of(name(place)), stored, List.of(elements), missing));
    expected.add(
        row -> {
          Object[] array = (Object[]) row.get(place + 1);
          return text(array == null ? new Object[elements] : array, stored, missing);
        });
  }

  private StructType schema() {
    StructType schema = new StructType().add(Ingested.ROW, DataTypes.IntegerType, false);
    for (int i = 0; i < types.size(); i++) {
      schema = schema.add(name(i), types.get(i));
    }
    return schema;
  }

  private List<Row> rows(Random random, double gaps) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Object[] cells = new Object[types.size() + 1];
      cells[0] = i;
      for (InputSpec input : inputs) {
        List<Integer> shape = ((InputKind.Numbers) input.kind()).shape();
        for (String column : input.columns()) {
          int place = Integer.parseInt(column.substring(1));
          cells[place + 1] = cell(random, types.get(place), shape, gaps);
        }
      }
      rows.add(RowFactory.create(cells));
    }
    return rows;
  }

  private static Object cell(Random random, DataType type, List<Integer> shape, double gaps) {
    if (random.nextDouble() < gaps) {
      return null;
    }
    return type instanceof ArrayType array
        ? IntStream.range(0, shape.get(0))
            .mapToObj(i -> cell(random, array.elementType(), shape, gaps))
            .toArray()
        : number(random, type, gaps);
  }

  private static Object number(Random random, DataType type, double gaps) {
    boolean gap = random.nextDouble() < gaps;
    return switch (NUMBERS.indexOf(type)) {
      case 0 -> random.nextBoolean();
      case 1 -> (byte) random.nextInt();
      case 2 -> (short) random.nextInt();
      case 3 -> random.nextInt();
      case 4 -> random.nextLong();
      case 5 -> gap ? Float.NEGATIVE_INFINITY : Float.valueOf((float) random.nextGaussian());
      case 6 -> gap ? Double.NaN : Double.valueOf(random.nextGaussian() * 1e30);
      case 7 -> BigDecimal.valueOf(random.nextInt(1_000_000_000), 2);
      default -> new BigDecimal(random.nextLong() + "." + random.nextInt(10_000)).setScale(4);
    };
  }

  /** All inputs of a row; null if it is left out. */
  private String line(Row row) {
    StringJoiner line = new StringJoiner(" ");
    for (int i = 0; i < inputs.size(); i++) {
      String cell = expected.get(i).apply(row);
      if (cell == null) {
        return null;
      }
      line.add(inputs.get(i).name() + "=" + cell);
    }
    return line.toString();
  }

  private static String text(Object[] cells, ElementType stored, Missing missing) {
    double[] values = Arrays.stream(cells).mapToDouble(RandomTableTest::value).toArray();
    if (missing == Missing.DROP_ROW && Arrays.stream(values).anyMatch(Double::isNaN)) {
      return null;
    }
    return Arrays.stream(values)
        .mapToObj(value -> stored == ElementType.FLOAT32 ? (Object) (float) value : (Object) value)
        .toList()
        .toString();
  }

  private static double value(Object cell) {
    if (cell == null) {
      return Double.NaN;
    }
    double value = cell instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) cell).doubleValue();
    return Double.isFinite(value) ? value : Double.NaN;
  }

  private InputSpec input(
      List<String> columns, ElementType stored, List<Integer> shape, Missing missing) {
    NumberOptions options =
        new NumberOptions(
            missing,
            Filling.CONSTANT,
            0,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            false,
            Normalization.NONE);
    return new InputSpec(
        "x" + inputs.size(), columns, new InputKind.Numbers(stored, shape, options, Map.of()));
  }

  private static String name(int place) {
    return "c" + place;
  }
}
