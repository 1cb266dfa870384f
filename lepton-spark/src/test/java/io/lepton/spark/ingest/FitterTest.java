package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ElementType;
import io.lepton.spark.Cluster;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.Filling;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import io.lepton.tf.model.Transform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FitterTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final StructType SCHEMA =
      new StructType()
          .add("a", DataTypes.DoubleType)
          .add("b", DataTypes.FloatType)
          .add("c", DataTypes.StringType)
          .add("y", DataTypes.IntegerType);
  private static final NumberOptions STANDARD =
      options(Missing.FILL, Filling.MEAN, Normalization.STANDARD);

  private final SparkSession spark = Cluster.local();

  @ParameterizedTest
  @EnumSource
  void statisticsAreThoseOfAPlainComputation(Normalization normalization) {
    List<Row> rows = rows(1000);
    double[] a = present(rows);
    NumberOptions options =
        new NumberOptions(Missing.FILL, Filling.MEDIAN, 0, -0.5, 2, true, normalization);

    FittedInput fitted = fit(frame(rows, 3), numbers("x", options, "a")).inputs().get(0);

    double[] prepared =
        Arrays.stream(a)
            .map(x -> Math.log1p(Math.max(0, Math.min(2, Math.max(-0.5, x)))))
            .toArray();
    List<Transform> transforms = fitted.transforms();
    assertThat(transforms.subList(1, 3))
        .containsExactly(
            new Transform.Clip(List.of(-0.5), List.of(2.0)), new Transform.Log(List.of(0)));
    assertClose(((Transform.Fill) transforms.get(0)).values(), quantile(a, 0.5));
    if (normalization == Normalization.NONE) {
      assertThat(transforms).hasSize(3);
      return;
    }
    Transform.Scale scale = (Transform.Scale) transforms.get(3);
    double mean = DoubleStream.of(prepared).average().orElseThrow();
    switch (normalization) {
      case STANDARD -> {
        double variance =
            DoubleStream.of(prepared).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        assertClose(scale.centers(), mean);
        assertClose(scale.scales(), Math.sqrt(variance));
      }
      case MIN_MAX -> {
        double min = DoubleStream.of(prepared).min().orElseThrow();
        assertClose(scale.centers(), min);
        assertClose(scale.scales(), DoubleStream.of(prepared).max().orElseThrow() - min);
      }
      case ROBUST -> {
        assertThat(scale.centers().get(0)).isCloseTo(quantile(prepared, 0.5), within(1e-2));
        assertThat(scale.scales().get(0))
            .isCloseTo(quantile(prepared, 0.75) - quantile(prepared, 0.25), within(1e-2));
      }
      case NONE -> throw new IllegalStateException();
    }
  }

  @Test
  void columnsAreFittedEachForItself() {
    List<Row> rows =
        List.of(
            RowFactory.create(1.0, 10f, "u", 0),
            RowFactory.create(3.0, null, "v", 0),
            RowFactory.create(Double.NaN, 30f, "v", 0));
    InputSpec input =
        new InputSpec(
            "x",
            List.of("a", "b"),
            new InputKind.Numbers(
                null,
                List.of(),
                STANDARD,
                Map.of("b", options(Missing.MASK, Filling.CONSTANT, Normalization.NONE))));

    assertThat(fit(frame(rows, 1), input).inputs().get(0).transforms())
        .containsExactly(
            new Transform.Fill(List.of(2.0, 0.0), List.of(1)),
            new Transform.Scale(List.of(2.0, 0.0, 0.0), List.of(1.0)));
  }

  @Test
  void arraysAndVectorsAreFittedByTheirLastDimension() {
    StructType schema =
        new StructType()
            .add("array", DataTypes.createArrayType(DataTypes.FloatType))
            .add("vector", SQLDataTypes.VectorType())
            .add("y", DataTypes.IntegerType);
    List<Row> rows =
        List.of(
            RowFactory.create(new Float[] {1f, 10f, 3f, null}, Vectors.dense(0, 4), 0),
            RowFactory.create(
                new Float[] {5f, 20f, 7f, 60f},
                Vectors.sparse(2, new int[] {1}, new double[] {8}),
                0),
            RowFactory.create(new Float[] {1f}, null, 0));
    NumberOptions options = options(Missing.FILL, Filling.MEAN, Normalization.NONE);
    List<FittedInput> fitted =
        fit(
                spark.createDataFrame(rows, schema).coalesce(1),
                new InputSpec(
                    "array",
                    List.of("array"),
                    new InputKind.Numbers(null, List.of(2, 2), options, Map.of())),
                new InputSpec(
                    "vector",
                    List.of("vector"),
                    new InputKind.Numbers(null, List.of(2), options, Map.of())))
            .inputs();

    assertThat(fitted.get(0).transforms())
        .containsExactly(new Transform.Fill(List.of(4.0, 30.0), List.of()));
    assertThat(fitted.get(1).transforms())
        .containsExactly(new Transform.Fill(List.of(0.0, 6.0), List.of()));
  }

  @Test
  void aConstantColumnIsScaledByOne() {
    List<Row> rows =
        List.of(RowFactory.create(7.5, 1f, "u", 0), RowFactory.create(7.5, 1f, "u", 0));
    for (Normalization normalization :
        List.of(Normalization.STANDARD, Normalization.MIN_MAX, Normalization.ROBUST)) {
      InputSpec input = numbers("x", options(Missing.FAIL, Filling.CONSTANT, normalization), "a");

      assertThat(fit(frame(rows, 1), input).inputs().get(0).transforms())
          .containsExactly(new Transform.Scale(List.of(7.5), List.of(1.0)));
    }
  }

  @Test
  void partitionsDoNotChangeADictionary() {
    List<Row> rows = rows(5000);
    List<List<List<String>>> vocabularies = new ArrayList<>();
    for (int partitions : new int[] {1, 2, 5}) {
      vocabularies.add(
          fit(frame(rows, partitions), categories(9, 1)).inputs().get(0).vocabularies());
    }

    assertThat(vocabularies.get(0).get(0)).hasSize(5);
    assertThat(vocabularies.get(1)).isEqualTo(vocabularies.get(0));
    assertThat(vocabularies.get(2)).isEqualTo(vocabularies.get(0));
  }

  @Test
  void theSamePartitionsGiveTheSameBits() {
    Dataset<Row> data = frame(rows(20_000), 5);
    InputSpec[] inputs = {
      numbers("x", STANDARD, "a", "b"),
      numbers("z", options(Missing.FILL, Filling.MEDIAN, Normalization.ROBUST), "a"),
      categories(3, 2)
    };

    assertThat(fit(data, inputs)).isEqualTo(fit(data, inputs));
  }

  @Test
  void batchesOfAFileGiveWhatRowsGive(@TempDir Path directory) {
    String path = directory.resolve("rows.parquet").toString();
    frame(rows(5000), 1).write().parquet(path);
    Dataset<Row> file = LeptonSpark.read(spark, "parquet", path, 1);
    InputSpec[] inputs = {numbers("x", STANDARD, "a", "b"), categories(3, 2)};

    assertThat(fit(file, inputs)).isEqualTo(fit(file.filter("y >= 0"), inputs));
  }

  @Test
  void rowsHeldOutDecideNothing() {
    Dataset<Row> data = frame(rows(2000), 3);
    DataBinding binding = bind(data, numbers("x", STANDARD, "a"));
    Fitting split = Fitter.split("the data", data, binding, 5, 2, 0.3);

    List<String> trained = new ArrayList<>();
    DataBinding stored =
        bind(data, InputSpec.numbers("x", List.of("b"), ElementType.FLOAT64, List.of()));
    try (Ingest ingest = Ingest.split("the data", data, stored, 5, 2, 0.3, ShardStorage.OF_SPARK)) {
      ShardText.of(ingest.training(), stored.columns()).forEach(trained::addAll);
    }
    double mean =
        trained.stream()
            .mapToDouble(row -> Double.parseDouble(row.substring(3, row.indexOf(']'))))
            .average()
            .orElseThrow();
    Fitting ofB =
        Fitter.split("the data", data, bind(data, numbers("x", STANDARD, "b")), 5, 2, 0.3);
    assertClose(((Transform.Scale) ofB.inputs().get(0).transforms().get(1)).centers(), mean);
    assertThat(split).isNotEqualTo(Fitter.whole("the data", data, binding));
  }

  @Test
  void whatNeedsNoDataReadsNone() {
    Dataset<Row> data = frame(rows(10), 1).selectExpr("raise_error('read') as a", "y");
    DataBinding binding =
        bind(
            frame(rows(10), 1),
            numbers("x", options(Missing.FILL, Filling.CONSTANT, Normalization.NONE), "a"));

    assertThat(Fitter.whole("the data", data, binding).inputs().get(0).transforms())
        .containsExactly(new Transform.Fill(List.of(0.0), List.of()));
  }

  @Test
  void onlyColumnsThatNeedItAreRead() {
    Dataset<Row> data =
        frame(rows(10), 1).selectExpr("a", "float(raise_error('read')) as b", "c", "y");
    InputSpec plain = InputSpec.numbers("plain", List.of("b"), null, List.of());

    assertThat(fit(data, plain, numbers("x", STANDARD, "a")).inputs()).hasSize(2);
  }

  @Test
  void allColumnsWithoutValuesAreToldAtOnce() {
    List<Row> rows = List.of(RowFactory.create(null, Float.NaN, null, 0));

    assertThatThrownBy(
            () -> fit(frame(rows, 1), numbers("x", STANDARD, "a", "b"), categories(9, 1)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            String.join(
                "\n  ",
                "the data cannot be prepared:",
                "column 'a' must have values to be filled or normalised by, but has none; leave it"
                    + " out, or fill with a constant and do not normalise",
                "column 'b' must have values to be filled or normalised by, but has none; leave it"
                    + " out, or fill with a constant and do not normalise",
                "column 'c' must have categories seen min-count = 1 times, but has none; lower it,"
                    + " or leave the column out"));
  }

  @Test
  void dataWithoutRowsIsRefused() {
    assertThatThrownBy(() -> fit(frame(List.of(), 1), numbers("x", STANDARD, "a")))
        .isInstanceOf(DataException.class)
        .hasMessage("the data must have rows, but has none");
  }

  @Test
  void tooManyCategoriesEndInAnErrorThatOffersHashes() {
    CategoryTally one = tally(3, "a", "b", "c");
    one.merge(tally(3, "a", "d"));
    List<String> problems = new ArrayList<>();

    assertThat(VocabularyFit.of(one, "categories", 9, 1, problems)).isEmpty();
    assertThat(problems)
        .containsExactly(
            "column 'c' must have at most 3 different categories to count, but has more; use"
                + " hash-buckets");
    CategoryTally another = tally(3, "a");
    another.merge(tally(3, "a", "b", "c", "d"));
    assertThat(another.tooMany()).isTrue();
    assertThat(tally(3, "a", "b", "c", "a").tooMany()).isFalse();
  }

  private static CategoryTally tally(int most, String... texts) {
    CategoryTally tally = new CategoryTally("c", new TextReader(null), most);
    for (String text : texts) {
      tally.count(UTF8String.fromString(text));
    }
    return tally;
  }

  private static List<Row> rows(int count) {
    Random random = new Random(count);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                RowFactory.create(
                    i % 7 == 0 ? null : i % 11 == 0 ? Double.NaN : (Double) random.nextGaussian(),
                    (float) i,
                    "word" + random.nextInt(5),
                    i % 2))
        .toList();
  }

  private static double[] present(List<Row> rows) {
    return rows.stream()
        .filter(row -> !row.isNullAt(0) && !Double.isNaN(row.getDouble(0)))
        .mapToDouble(row -> row.getDouble(0))
        .toArray();
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double rank = share * (sorted.length - 1);
    int low = (int) rank;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (rank - low);
  }

  private static void assertClose(List<Double> actual, double expected) {
    assertThat(actual).hasSize(1);
    assertThat(actual.get(0)).isCloseTo(expected, within(1e-9));
  }

  private Dataset<Row> frame(List<Row> rows, int partitions) {
    Dataset<Row> frame = spark.createDataFrame(rows, SCHEMA);
    return partitions == 1 ? frame.coalesce(1) : frame.coalesce(1).repartition(partitions);
  }

  private static Fitting fit(Dataset<Row> data, InputSpec... inputs) {
    return Fitter.whole("the data", data, bind(data, inputs));
  }

  private static DataBinding bind(Dataset<Row> data, InputSpec... inputs) {
    return DataBinding.bind(
        new DataSpec(List.of(inputs), new LabelSpec("y", 0), null), data.schema());
  }

  private static InputSpec numbers(String name, NumberOptions options, String... columns) {
    return new InputSpec(
        name, List.of(columns), new InputKind.Numbers(null, List.of(), options, Map.of()));
  }

  private static InputSpec categories(int size, int minCount) {
    return new InputSpec(
        "c", List.of("c"), new InputKind.Categories(size, minCount, 0, false, Missing.FILL));
  }

  private static NumberOptions options(
      Missing missing, Filling filling, Normalization normalization) {
    return new NumberOptions(missing, filling, 0, -INFINITY, INFINITY, false, normalization);
  }
}
