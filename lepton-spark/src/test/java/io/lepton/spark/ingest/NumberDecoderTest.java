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
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberDecoderTest {
  @TempDir private Path directory;

  private final SparkSession spark = Cluster.local();

  @Test
  void everyTypeOfNumberBecomesAFloat() {
    StructType schema =
        new StructType()
            .add(Ingested.ROW, DataTypes.IntegerType)
            .add("boolean", DataTypes.BooleanType)
            .add("byte", DataTypes.ByteType)
            .add("short", DataTypes.ShortType)
            .add("int", DataTypes.IntegerType)
            .add("long", DataTypes.LongType)
            .add("float", DataTypes.FloatType)
            .add("double", DataTypes.DoubleType)
            .add("cents", DataTypes.createDecimalType(10, 2))
            .add("large", DataTypes.createDecimalType(38, 10))
            .add("date", DataTypes.DateType);
    Row row =
        RowFactory.create(
            0,
            true,
            (byte) -7,
            (short) 300,
            1 << 20,
            1L << 40,
            0.1f,
            0.1,
            new BigDecimal("-12.34"),
            new BigDecimal("12345678901234567890.5"),
            Date.valueOf(LocalDate.of(1969, 12, 30)));
    List<String> columns =
        List.of(
            "boolean", "byte", "short", "int", "long", "float", "double", "cents", "large", "date");

    assertThat(
            ingest(
                    schema,
                    List.of(row),
                    InputSpec.numbers("x", columns, ElementType.FLOAT64, List.of()))
                .rows())
        .containsExactly(
            "x=[1.0, -7.0, 300.0, 1048576.0, 1.099511627776E12, 0.10000000149011612, 0.1, -12.34,"
                + " 1.2345678901234567E19, -2.0]");
  }

  @Test
  void timesAreSecondsWithTheirFractionInFloat64() {
    StructType schema =
        new StructType()
            .add(Ingested.ROW, DataTypes.IntegerType)
            .add("at", DataTypes.TimestampType)
            .add("local", DataTypes.TimestampNTZType);
    Row row =
        RowFactory.create(
            0,
            Timestamp.from(Instant.parse("2024-02-29T12:00:00.250001Z")),
            LocalDateTime.parse("1969-12-31T23:59:59.5"));

    assertThat(
            ingest(
                    schema,
                    List.of(row),
                    InputSpec.numbers("x", List.of("at", "local"), null, List.of()))
                .rows())
        .containsExactly("x=[1.709208000250001E9, -0.5]");
  }

  @Test
  void wholeNumbersOfAnySourceKeepAllTheirBits() {
    List<Row> rows = List.of(RowFactory.create(0, Long.MAX_VALUE), RowFactory.create(1, -1L));

    assertThat(
            ingest(
                    Ingested.schema("id", DataTypes.LongType),
                    rows,
                    InputSpec.numbers("x", List.of("id"), ElementType.INT64, List.of()))
                .rows())
        .containsExactly("x=[9223372036854775807]", "x=[-1]");
  }

  @Test
  void aDecimalWithoutFractionIsAWholeNumber() {
    List<Row> rows = List.of(RowFactory.create(0, new BigDecimal("123456789012345678")));

    assertThat(
            ingest(
                    Ingested.schema("id", DataTypes.createDecimalType(18, 0)),
                    rows,
                    InputSpec.numbers("x", List.of("id"), ElementType.INT64, List.of()))
                .rows())
        .containsExactly("x=[123456789012345678]");
  }

  @Test
  void missingNumbersAreStoredAsNan() {
    for (Missing missing : List.of(Missing.FILL, Missing.MASK)) {
      for (DataType type : List.of(DataTypes.DoubleType, DataTypes.FloatType)) {
        assertThat(ingest(withGaps(type), numbers(ElementType.FLOAT32, missing, -1)).rows())
            .containsExactly("x=[0.5]", "x=[NaN]", "x=[NaN]", "x=[NaN]", "x=[NaN]", "x=[2.0]");
      }
    }
  }

  @Test
  void missingWholeNumbersAreStoredAsTheConstant() {
    List<Row> rows = List.of(RowFactory.create(0, 3), RowFactory.create(1, null));

    assertThat(
            ingest(
                    Ingested.schema("x", DataTypes.IntegerType),
                    rows,
                    numbers(ElementType.INT32, Missing.FILL, -1))
                .rows())
        .containsExactly("x=[3]", "x=[-1]");
  }

  @Test
  void rowsOfMissingNumbersAreLeftOut() {
    for (DataType type : List.of(DataTypes.DoubleType, DataTypes.FloatType)) {
      assertThat(ingest(withGaps(type), numbers(ElementType.FLOAT32, Missing.DROP_ROW, 0)).rows())
          .containsExactly("x=[0.5]", "x=[2.0]");
    }
  }

  @Test
  void missingNumbersAreDefectsWhereNoneMayBe() {
    for (DataType type : List.of(DataTypes.DoubleType, DataTypes.FloatType)) {
      assertThat(ingest(withGaps(type), numbers(ElementType.FLOAT32, Missing.FAIL, 0)).defects())
          .containsExactly(
              new Defect("x", "values must be finite", 3, 0, 2, "NaN"),
              new Defect("x", "values must not be null", 1, 0, 1, "null"));
    }
  }

  @Test
  void aDoubleBeyondFloat32IsToldAsSuch() {
    List<Row> rows = List.of(RowFactory.create(0, 1.0), RowFactory.create(1, -1e39));

    for (Missing missing : Missing.values()) {
      assertThat(
              ingest(
                      Ingested.schema("x", DataTypes.DoubleType),
                      rows,
                      numbers(ElementType.FLOAT32, missing, 0))
                  .defects())
          .containsExactly(new Defect("x", "values must fit float32", 1, 0, 1, "-1.0E39"));
    }
  }

  @Test
  void columnsOfOneInputMayDealWithMissingNumbersEachInItsWay() {
    StructType schema =
        new StructType()
            .add(Ingested.ROW, DataTypes.IntegerType)
            .add("a", DataTypes.FloatType)
            .add("b", DataTypes.FloatType);
    List<Row> rows =
        List.of(
            RowFactory.create(0, 1f, null),
            RowFactory.create(1, null, 2f),
            RowFactory.create(2, 3f, 4f));
    InputSpec input =
        new InputSpec(
            "x",
            List.of("a", "b"),
            new InputKind.Numbers(
                null,
                List.of(),
                options(Missing.DROP_ROW, 0),
                Map.of("b", options(Missing.FILL, 9))));

    assertThat(ingest(schema, rows, input).rows()).containsExactly("x=[1.0, NaN]", "x=[3.0, 4.0]");
  }

  private record Table(StructType schema, List<Row> rows) {}

  private static Table withGaps(DataType type) {
    boolean floats = type.equals(DataTypes.FloatType);
    double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 2};
    List<Row> rows = new java.util.ArrayList<>();
    rows.add(RowFactory.create(0, floats ? (Object) 0.5f : (Object) 0.5));
    rows.add(RowFactory.create(1, null));
    for (double value : values) {
      rows.add(RowFactory.create(rows.size(), floats ? (Object) (float) value : (Object) value));
    }
    return new Table(Ingested.schema("x", type), rows);
  }

  private Ingested ingest(Table table, InputSpec input) {
    return ingest(table.schema(), table.rows(), input);
  }

  private Ingested ingest(StructType schema, List<Row> rows, InputSpec input) {
    return Ingested.of(spark, directory, schema, rows, input);
  }

  private static InputSpec numbers(ElementType type, Missing missing, double constant) {
    return new InputSpec(
        "x",
        List.of("x"),
        new InputKind.Numbers(type, List.of(), options(missing, constant), Map.of()));
  }

  private static NumberOptions options(Missing missing, double constant) {
    return new NumberOptions(
        missing,
        Filling.CONSTANT,
        constant,
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        false,
        Normalization.NONE);
  }
}
