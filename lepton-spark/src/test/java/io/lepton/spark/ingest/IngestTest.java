package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestTest {
  private static final int ROWS = 5000;
  private static final StructType SCHEMA =
      new StructType()
          .add("weight", DataTypes.DoubleType)
          .add("id", DataTypes.LongType)
          .add("single", DataTypes.FloatType)
          .add("double", DataTypes.DoubleType)
          .add("int", DataTypes.IntegerType)
          .add("flag", DataTypes.BooleanType)
          .add("short", DataTypes.ShortType)
          .add("byte", DataTypes.ByteType)
          .add("image", DataTypes.BinaryType)
          .add("array", DataTypes.createArrayType(DataTypes.FloatType))
          .add("doubles", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("f2", DataTypes.FloatType)
          .add("f0", DataTypes.FloatType)
          .add("f1", DataTypes.DoubleType)
          .add("label", DataTypes.IntegerType);
  private static final DataSpec SPEC =
      new DataSpec(
          List.of(
              InputSpec.numbers("id", List.of("id"), ElementType.INT64, List.of()),
              InputSpec.numbers(
                  "real",
                  List.of("flag", "single", "double", "int", "short", "byte"),
                  ElementType.FLOAT32,
                  List.of(2, 3)),
              InputSpec.numbers("wide", List.of("double"), ElementType.FLOAT64, List.of()),
              InputSpec.numbers("whole", List.of("int", "byte"), ElementType.INT32, List.of()),
              InputSpec.numbers("flag", List.of("flag"), ElementType.BOOL, List.of()),
              InputSpec.image("image", "image", List.of(2, 2, 1)),
              InputSpec.numbers("array", List.of("array"), ElementType.FLOAT32, List.of(3)),
              InputSpec.numbers("doubles", List.of("doubles"), ElementType.FLOAT64, List.of(2)),
              InputSpec.numbers("group", List.of("f*"), ElementType.FLOAT32, List.of(4))),
          new LabelSpec("label", 10),
          "weight");

  @TempDir private static Path directory;

  private static SparkSession spark;
  private static String file;

  @BeforeAll
  static void writeEveryKindOfColumn() {
    spark = Cluster.local();
    file = directory.resolve("kinds.parquet").toString();
    List<Row> rows = IntStream.range(0, ROWS).mapToObj(IngestTest::row).toList();
    spark.createDataFrame(rows, SCHEMA).coalesce(1).write().parquet(file);
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(ExecutorMemory.INGEST.getAllocatedMemory()).isZero();
    assertThat(ExecutorMemory.SHARDS.getAllocatedMemory()).isZero();
  }

  private static Row row(int i) {
    return RowFactory.create(
        i / 8.0,
        i * 10_000_000_001L,
        i * 0.1f,
        i / 3.0,
        -i,
        i % 3 == 0,
        (short) (i - 100),
        (byte) i,
        new byte[] {(byte) i, (byte) (i >> 8), 0, -1},
        new Float[] {i * 0.5f, 0f, -i * 0.7f},
        new Double[] {i / 7.0, 1e-300},
        i + 0.25f,
        (float) (i % 4),
        i % 5 / 10.0,
        i % 10);
  }

  private static String text(int i) {
    return ("id=[%s] real=[%s, %s, %s, %s, %s, %s] wide=[%s] whole=[%s, %s] flag=[%s] "
            + "image=[%s, %s, 0, 255] array=[%s, 0.0, %s] doubles=[%s, 1.0E-300] "
            + "group=[%s, %s, %s, %s] label=[%s] weight=[%s]")
        .formatted(
            i * 10_000_000_001L,
            i % 3 == 0 ? 1f : 0f,
            i * 0.1f,
            (float) (i / 3.0),
            (float) -i,
            i - 100f,
            (float) (byte) i,
            i / 3.0,
            -i,
            (byte) i,
            i % 3 == 0 ? 1 : 0,
            i % 256,
            i / 256,
            i * 0.5f,
            -i * 0.7f,
            i / 7.0,
            i % 3 == 0 ? 1f : 0f,
            i + 0.25f,
            (float) (i % 4),
            (float) (i % 5 / 10.0),
            i % 10,
            (float) (i / 8.0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void everyKindOfColumnArrivesOutOfColumnarBatches(int buckets) {
    Dataset<Row> data = LeptonSpark.read(spark, "parquet", file, 2);
    DataBinding binding = DataBinding.bind(SPEC, data.schema());
    try (Ingest ingest =
        Ingest.whole("the data", data, binding, 3, buckets, ShardStorage.OF_SPARK)) {
      assertThat(ingest.columnarRows()).isEqualTo(ROWS);
      assertArrived(ingest, binding, buckets, all());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void everyKindOfColumnArrivesOutOfRows(int buckets) {
    Dataset<Row> data = LeptonSpark.read(spark, "parquet", file, 2).filter("int <= 0");
    DataBinding binding = DataBinding.bind(SPEC, data.schema());
    try (Ingest ingest =
        Ingest.whole("the data", data, binding, 3, buckets, ShardStorage.OF_SPARK)) {
      assertThat(ingest.columnarRows()).isZero();
      assertArrived(ingest, binding, buckets, all());
    }
  }

  @Test
  void cachedDataArrives() {
    Dataset<Row> data = LeptonSpark.read(spark, "parquet", file, 2).cache();
    DataBinding binding = DataBinding.bind(SPEC, data.schema());
    try (Ingest ingest = Ingest.whole("the data", data, binding, 3, 2, ShardStorage.OF_SPARK)) {
      assertArrived(ingest, binding, 2, all());
    } finally {
      data.unpersist(true);
    }
  }

  @Test
  void cachedNumbersArrive() {
    StructType numbers = new StructType().add("a", "double").add("b", "int").add("y", "float");
    List<Row> rows =
        IntStream.range(0, ROWS).mapToObj(i -> RowFactory.create(i / 4.0, i % 7, i * 2f)).toList();
    Dataset<Row> data = spark.createDataFrame(rows, numbers).repartition(3).cache();
    DataSpec spec =
        new DataSpec(
            List.of(InputSpec.numbers("x", List.of("b", "a"), ElementType.FLOAT32, List.of())),
            new LabelSpec("y", 0),
            null);
    DataBinding binding = DataBinding.bind(spec, data.schema());
    try (Ingest ingest = Ingest.whole("the data", data, binding, 3, 2, ShardStorage.OF_SPARK)) {
      List<String> expected =
          IntStream.range(0, ROWS)
              .mapToObj(i -> "x=[%s, %s] label=[%s]".formatted((float) (i % 7), i / 4f, i * 2f))
              .toList();
      assertArrived(ingest, binding, 2, expected);
    } finally {
      data.unpersist(true);
    }
  }

  @Test
  void aFilterAboveTheScanIsNotLost() {
    Dataset<Row> data =
        LeptonSpark.read(spark, "parquet", file, 2).filter("pmod(int, 10) = 3 and label < 8");
    DataBinding binding = DataBinding.bind(SPEC, data.schema());
    List<String> expected =
        IntStream.range(0, ROWS)
            .filter(i -> Math.floorMod(-i, 10) == 3 && i % 10 < 8)
            .mapToObj(IngestTest::text)
            .toList();
    try (Ingest ingest = Ingest.whole("the data", data, binding, 3, 2, ShardStorage.OF_SPARK)) {
      assertArrived(ingest, binding, 2, expected);
    }
  }

  @Test
  void aLimitAndComputedColumnsAreNotLost() {
    Dataset<Row> data =
        LeptonSpark.read(spark, "parquet", file, 2)
            .limit(10)
            .selectExpr("single * 2 as x", "label as y");
    DataSpec spec =
        new DataSpec(
            List.of(InputSpec.numbers("x", List.of("x"), ElementType.FLOAT32, List.of())),
            new LabelSpec("y", 10),
            null);
    DataBinding binding = DataBinding.bind(spec, data.schema());
    try (Ingest ingest = Ingest.whole("the data", data, binding, 3, 2, ShardStorage.OF_SPARK)) {
      List<String> expected =
          IntStream.range(0, 10)
              .mapToObj(i -> "x=[%s] label=[%s]".formatted(i * 0.1f * 2, i))
              .toList();
      assertArrived(ingest, binding, 2, expected);
    }
  }

  @Test
  void aPartitionColumnOfADirectoryArrives() {
    String path = directory.resolve("days.parquet").toString();
    Dataset<Row> kinds = LeptonSpark.read(spark, "parquet", file, 2);
    kinds.select("single", "label").repartition(1).write().partitionBy("label").parquet(path);
    Dataset<Row> data = LeptonSpark.read(spark, "parquet", path, 2);
    DataSpec spec =
        new DataSpec(
            List.of(InputSpec.numbers("x", List.of("single"), ElementType.FLOAT32, List.of())),
            new LabelSpec("label", 10),
            null);
    DataBinding binding = DataBinding.bind(spec, data.schema());
    try (Ingest ingest = Ingest.whole("the data", data, binding, 3, 2, ShardStorage.OF_SPARK)) {
      List<String> expected =
          IntStream.range(0, ROWS)
              .mapToObj(i -> "x=[%s] label=[%s]".formatted(i * 0.1f, i % 10))
              .toList();
      assertThat(ingest.columnarRows()).isEqualTo(ROWS);
      assertArrived(ingest, binding, 2, expected);
    }
  }

  @Test
  void aSplitKeepsEveryRowOnOneSide() {
    Dataset<Row> data = LeptonSpark.read(spark, "parquet", file, 2);
    DataBinding binding = DataBinding.bind(SPEC, data.schema());
    try (Ingest ingest =
        Ingest.split("the data", data, binding, 3, 3, 0.3, ShardStorage.OF_SPARK)) {
      List<String> both = flat(ShardText.of(ingest.training(), binding.columns()));
      int training = both.size();
      both.addAll(flat(ShardText.of(ingest.validation(), binding.columns())));

      assertThat(both).containsExactlyInAnyOrderElementsOf(all());
      assertThat(ingest.training().rows()).isEqualTo(training).isBetween(3300L, 3700L);
      assertThat(ingest.validation().rows()).isEqualTo(ROWS - training);
    }
  }

  @Test
  void theOrderDependsOnTheSeedOnly() {
    Dataset<Row> data = LeptonSpark.read(spark, "parquet", file, 2);
    DataBinding binding = DataBinding.bind(SPEC, data.schema());
    List<List<List<String>>> runs = new ArrayList<>();
    for (long seed : new long[] {3, 3, 4}) {
      try (Ingest ingest =
          Ingest.whole("the data", data, binding, seed, 4, ShardStorage.OF_SPARK)) {
        runs.add(ShardText.of(ingest.training(), binding.columns()));
      }
    }
    assertThat(runs.get(1)).isEqualTo(runs.get(0));
    assertThat(runs.get(2)).isNotEqualTo(runs.get(0));
  }

  private static void assertArrived(
      Ingest ingest, DataBinding binding, int buckets, List<String> expected) {
    List<List<String>> arrived = ShardText.of(ingest.training(), binding.columns());

    assertThat(flat(arrived)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(arrived).hasSize(buckets);
    assertThat(ingest.rows()).isEqualTo(expected.size());
    assertThat(ingest.training().rows()).isEqualTo(expected.size());
    for (int i = 0; i < buckets; i++) {
      assertThat(ingest.training().chunkRows(i).stream().mapToInt(Integer::intValue).sum())
          .isEqualTo(arrived.get(i).size());
    }
  }

  private static List<String> all() {
    return IntStream.range(0, ROWS).mapToObj(IngestTest::text).toList();
  }

  private static List<String> flat(List<List<String>> buckets) {
    List<String> rows = new ArrayList<>();
    buckets.forEach(rows::addAll);
    return rows;
  }
}
