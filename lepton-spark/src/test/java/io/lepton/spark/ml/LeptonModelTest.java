package io.lepton.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.TensorLease;
import io.lepton.spark.Cluster;
import io.lepton.spark.LocalCopy;
import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.ExecutorMemory;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.tf.Precision;
import io.lepton.tf.Processor;
import io.lepton.tf.bundle.Scorer;
import io.lepton.tf.bundle.Scores;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeptonModelTest {
  @TempDir private static Path directory;

  private static String tableModel;
  private static String imageModel;

  private SparkSession spark;

  @BeforeAll
  static void train() throws IOException {
    tableModel = Trained.tableModel(Cluster.local(), directory);
    imageModel = Trained.imageModel(Cluster.local(), directory);
  }

  @BeforeEach
  void connect() {
    spark = Cluster.local();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(TensorLease.outstanding()).isZero();
    assertThat(ExecutorMemory.SCORING.getAllocatedMemory()).isZero();
  }

  @Test
  void columnsAreAddedBehindThoseThatAreThere() throws IOException {
    Dataset<Row> data = Trained.table(spark, 100);

    Dataset<Row> scored = LeptonModel.open(spark, tableModel).transform(data);

    assertThat(scored.columns())
        .containsExactly("id", "a", "b", "c", "kind", "rawPrediction", "probability", "prediction");
    assertThat(scored.schema())
        .isEqualTo(LeptonModel.open(spark, tableModel).transformSchema(data.schema()));
    assertThat(scored.select("id", "a", "b", "c", "kind").collectAsList())
        .isEqualTo(data.collectAsList());
  }

  @Test
  void scoresAreThoseOfTheBundleWithoutSpark() throws IOException {
    List<Row> rows = Trained.tableRows(300);
    float[][] numbers = new float[rows.size()][];
    for (int i = 0; i < numbers.length; i++) {
      Row row = rows.get(i);
      float a = row.isNullAt(1) ? Float.NaN : (float) row.getDouble(1);
      numbers[i] = new float[] {a, row.getFloat(2), row.getInt(3)};
    }
    List<Row> scored =
        LeptonModel.open(spark, tableModel).transform(Trained.table(spark, 300)).collectAsList();
    try (Scorer scorer = Scorer.open(Path.of(tableModel))) {
      Scores scores = scorer.score(numbers);
      Offset<Double> close = Offset.offset(1e-6);
      for (int i = 0; i < numbers.length; i++) {
        double logit = scores.row("logits", i)[0];
        double probability = scores.row("probabilities", i)[0];
        assertThat(((Vector) scored.get(i).getAs("rawPrediction")).toArray())
            .containsExactly(new double[] {-logit, logit}, close);
        assertThat(((Vector) scored.get(i).getAs("probability")).toArray())
            .containsExactly(new double[] {1 - probability, probability}, close);
        assertThat((double) scored.get(i).getAs("prediction")).isEqualTo(logit > 0 ? 1 : 0);
      }
    }
  }

  @Test
  void columnarFilesAndRowsGiveTheSame() throws IOException {
    String path = directory.resolve("images.parquet").toString();
    Trained.images(spark, 500).write().mode("overwrite").parquet(path);
    LeptonModel model = exact(imageModel);
    Dataset<Row> columnar = model.transform(spark.read().parquet(path));
    Dataset<Row> rows = model.transform(spark.read().parquet(path).filter("id >= 0"));

    assertThat(plan(columnar)).containsSubsequence("ColumnarToRow", "Score", "Scan");
    assertThat(plan(rows)).containsSubsequence("Score", "ColumnarToRow", "Scan");
    assertThat(inOrder(columnar)).hasSize(500).isEqualTo(inOrder(rows));
  }

  @Test
  void exactScoresDependNeitherOnBatchesNorOnPartitions() throws IOException {
    Dataset<Row> data = Trained.images(spark, 700);
    List<Row> expected = inOrder(exact(imageModel).transform(data));
    for (int partitions : new int[] {1, 3, 16}) {
      for (long bytes : new long[] {1, 20_000, 1 << 20}) {
        LeptonModel model = exact(imageModel);
        model.set(model.batchBytes(), bytes);

        assertThat(inOrder(model.transform(data.repartition(partitions)))).isEqualTo(expected);
      }
    }
  }

  @Test
  void eachExecutorLoadsAModelOnceSentToItOrReadInItsPlace() throws IOException {
    SparkSession cluster = processes();
    LeptonModel sent = LeptonModel.open(cluster, tableModel);
    LeptonModel read = LeptonModel.open(cluster, "seen://" + imageModel);
    Dataset<Row> rows =
        cluster.createDataFrame(Trained.tableRows(6400), Trained.TABLE).repartition(64);
    Dataset<Row> images = Trained.images(cluster, 640).repartition(64);

    for (int i = 0; i < 2; i++) {
      assertThat(sent.transform(rows).filter("prediction >= 0").count()).isEqualTo(6400);
      assertThat(read.transform(images).filter("prediction >= 0").count()).isEqualTo(640);
    }

    assertThat(Loads.byExecutor(cluster)).isEqualTo(Map.of("0", 2L, "1", 2L));
  }

  @Test
  void aBundleThatIsGoneIsNamedBeforeItIsSentToExecutors() throws IOException {
    SparkSession cluster = processes();
    Path gone = Bundles.renamed(Path.of(tableModel), directory.resolve("gone"), "gone");
    LeptonModel model = LeptonModel.open(cluster, gone.toString());
    Dataset<Row> rows = cluster.createDataFrame(Trained.tableRows(10), Trained.TABLE);
    LocalCopy.delete(gone);

    assertThatThrownBy(() -> model.transform(rows))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("a model's bundle must be in its place while the model is in use")
        .hasMessageContaining("there is nothing at file:" + gone);
  }

  private static SparkSession processes() {
    return Cluster.processes(
        2, Map.of("spark.hadoop.fs.seen.impl", SeenFileSystem.class.getName()));
  }

  /** A local disk that all processes see. */
  public static final class SeenFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("seen:///");
    }
  }

  @Test
  void aBundleTooLargeToBeSentIsReadInItsPlaceOnceByEachExecutor() throws IOException {
    SparkSession cluster = Cluster.processes(2, Map.of());
    Dataset<Row> rows =
        cluster.createDataFrame(Trained.tableRows(640), Trained.TABLE).repartition(16);
    Map<String, Long> before = Loads.byExecutor(cluster);
    LeptonModel model = LeptonModel.open(cluster, tableModel).setBroadcastBytes(1000);
    long most = (Long) model.getOrDefault(model.broadcastBytes());

    assertThat(model.kept().source(cluster.sparkContext(), most).archive()).isNull();
    for (int i = 0; i < 2; i++) {
      assertThat(model.transform(rows).filter("prediction >= 0").count()).isEqualTo(640);
    }
    Map<String, Long> after = Loads.byExecutor(cluster);
    assertThat(after.keySet()).hasSize(2).isEqualTo(before.keySet());
    after.forEach((executor, loads) -> assertThat(loads).isEqualTo(before.get(executor) + 1));
  }

  @Test
  void anExecutorThatDoesNotSeeALargeBundleSaysSo() throws IOException {
    SparkSession cluster = Cluster.processes(2, Map.of());
    Path copy = Bundles.renamed(Path.of(tableModel), directory.resolve("unseen"), "unseen");
    LeptonModel model = LeptonModel.open(cluster, copy.toString()).setBroadcastBytes(0);
    Dataset<Row> scored = model.transform(Trained.table(cluster, 10));
    LocalCopy.delete(copy);

    assertThatThrownBy(scored::collectAsList)
        .hasStackTraceContaining(
            "a bundle that is not sent to executors must be where all of them see it, but executor")
        .hasStackTraceContaining("sees nothing at file:" + copy);
  }

  @Test
  void scoresInBfloat16AreThoseInFloat32ToTwoDigits() throws IOException {
    Assumptions.assumeTrue(
        Processor.supports(Precision.MIXED_BFLOAT16), "the processor must compute in bfloat16");
    Dataset<Row> data = Trained.images(spark, 300);
    List<Row> full = inOrder(LeptonModel.open(spark, imageModel).transform(data));
    List<Row> low =
        inOrder(
            LeptonModel.open(spark, imageModel)
                .setScoringPrecision("mixed-bfloat16")
                .transform(data));

    int moved = 0;
    for (int i = 0; i < full.size(); i++) {
      double[] expected = ((Vector) full.get(i).getAs("probability")).toArray();
      double[] found = ((Vector) low.get(i).getAs("probability")).toArray();
      assertThat(found).containsExactly(expected, Offset.offset(0.02));
      moved += Arrays.equals(expected, found) ? 0 : 1;
    }
    assertThat(moved).as("rows that bfloat16 rounds").isGreaterThan(200);
  }

  @Test
  void aPrecisionThatNothingIsScoredInIsRefused() throws IOException {
    LeptonModel model = LeptonModel.open(spark, imageModel);

    assertThatThrownBy(() -> model.setScoringPrecision("mixed-float16"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scoringPrecision");
  }

  @Test
  void aRowThatTrainingWouldHaveRefusedEndsTheJob() throws IOException {
    Dataset<Row> data = spark.createDataFrame(withNull(), Trained.TABLE).coalesce(1);

    assertThatThrownBy(() -> LeptonModel.open(spark, tableModel).transform(data).collectAsList())
        .hasRootCauseInstanceOf(DataException.class)
        .rootCause()
        .hasMessageContaining("rows cannot be scored:")
        .hasMessageContaining("column 'c'")
        .hasMessageContaining("1 row breaks that, first row 1 of partition 0 with null");
  }

  @Test
  void aRowThatIsKeptHasNoScoresButAReason() throws IOException {
    LeptonModel model = LeptonModel.open(spark, tableModel);
    model.set(model.handleInvalid(), "keep");
    model.set(model.reasonCol(), "why");

    List<Row> rows =
        model
            .transform(spark.createDataFrame(withNull(), Trained.TABLE).coalesce(1))
            .collectAsList();

    assertThat(rows).hasSize(3);
    assertThat(rows.get(1).<Object>getAs("prediction")).isNull();
    assertThat(rows.get(1).<Object>getAs("probability")).isNull();
    assertThat((String) rows.get(1).getAs("why")).startsWith("column 'c': ").endsWith("null");
    for (int row : new int[] {0, 2}) {
      assertThat(rows.get(row).<Object>getAs("prediction")).isNotNull();
      assertThat(rows.get(row).<Object>getAs("why")).isNull();
    }
  }

  @Test
  void aRowThatTheModelHasNoNumberForIsOfNoClass() throws IOException {
    List<Row> rows = new ArrayList<>(Trained.tableRows(3));
    rows.set(1, RowFactory.create(1L, 0.5, Float.MAX_VALUE, 1, 0));
    Dataset<Row> data = spark.createDataFrame(rows, Trained.TABLE).coalesce(1);
    LeptonModel model = LeptonModel.open(spark, tableModel);

    List<Row> plain = model.transform(data).collectAsList();
    model.set(model.handleInvalid(), "keep");
    model.set(model.reasonCol(), "why");
    List<Row> kept = model.transform(data).collectAsList();

    assertThat(plain.get(1).<Double>getAs("prediction")).isNaN();
    assertThat(kept.get(1).<Object>getAs("prediction")).isNull();
    assertThat(kept.get(1).<String>getAs("why")).isEqualTo(LeptonModel.UNDEFINED);
    for (int row : new int[] {0, 2}) {
      assertThat(plain.get(row).<Double>getAs("prediction"))
          .isBetween(0.0, 1.0)
          .isEqualTo(kept.get(row).<Double>getAs("prediction"));
      assertThat(kept.get(row).<Object>getAs("why")).isNull();
    }
  }

  @Test
  void aBundleThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> LeptonModel.open(spark, directory.resolve("nowhere").toString()))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "a model's bundle must be in its place while the model is in use, but there is nothing at %s; put it back, or correct the path",
            directory.resolve("nowhere"));
  }

  @Test
  void aSchemaThatDoesNotFitIsRefusedBeforeAnythingIsRead() throws IOException {
    LeptonModel model = LeptonModel.open(spark, tableModel);

    assertThatThrownBy(() -> model.transformSchema(Trained.TABLE.add("prediction", "double")))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "column 'prediction' must not be there before the model adds it, but is; give it another name");
    StructType missing = new StructType().add("a", "double").add("b", "float");
    assertThatThrownBy(() -> model.transformSchema(missing))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("there is no column 'c'");
    StructType changed = missing.add("c", "string");
    assertThatThrownBy(() -> model.transform(spark.createDataFrame(List.of(), changed)))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("'c' must be");
  }

  @Test
  void labelsAreNotNeeded() throws IOException {
    assertThat(
            LeptonModel.open(spark, tableModel)
                .transform(Trained.table(spark, 10).drop("kind"))
                .count())
        .isEqualTo(10);
  }

  @Test
  void thresholdsShiftTheChoice() throws IOException {
    LeptonModel model = LeptonModel.open(spark, tableModel);
    Dataset<Row> data = Trained.table(spark, 200);
    model.set(model.thresholds(), new double[] {0.9, 0.1});

    for (Row row : model.transform(data).collectAsList()) {
      double[] probability = ((Vector) row.getAs("probability")).toArray();
      assertThat((double) row.getAs("prediction"))
          .isEqualTo(probability[1] / 0.1 > probability[0] / 0.9 ? 1 : 0);
    }
    model.set(model.thresholds(), new double[] {1, 1, 1});
    assertThatThrownBy(() -> model.transform(data))
        .hasMessage(
            "thresholds must be one for each of 2 classes that have probabilities, but were: [1.0, 1.0, 1.0]");
  }

  @Test
  void aStreamIsScoredAsItComes() throws Exception {
    Path source = directory.resolve("stream");
    Trained.table(spark, 60).repartition(3).write().mode("overwrite").parquet(source.toString());
    Dataset<Row> scored =
        exact(tableModel)
            .transform(spark.readStream().schema(Trained.TABLE).parquet(source.toString()));
    assertThat(scored.isStreaming()).isTrue();
    List<Row> arrived = Collections.synchronizedList(new ArrayList<>());
    scored
        .writeStream()
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", directory.resolve("checkpoint").toString())
        .foreachBatch(
            (VoidFunction2<Dataset<Row>, Long>)
                (batch, number) -> arrived.addAll(batch.collectAsList()))
        .start()
        .awaitTermination(60_000);

    assertThat(inOrder(spark.createDataFrame(arrived, scored.schema())))
        .isEqualTo(inOrder(exact(tableModel).transform(Trained.table(spark, 60))));
  }

  @Test
  void plansWithScoresMayBeJoinedCachedAndCut() throws IOException {
    LeptonModel model = LeptonModel.open(spark, tableModel);
    Dataset<Row> scored = model.transform(Trained.table(spark, 50));

    assertThat(scored.as("l").join(scored.as("r"), functions.expr("l.id = r.id")).count())
        .isEqualTo(50);
    assertThat(scored.groupBy("prediction").count().agg(functions.sum("count")).first().getLong(0))
        .isEqualTo(50);
    assertThat(scored.limit(3).collectAsList()).hasSize(3);
    Dataset<Row> cached = scored.cache();
    try {
      assertThat(inOrder(cached)).isEqualTo(inOrder(model.transform(Trained.table(spark, 50))));
    } finally {
      cached.unpersist(true);
    }
  }

  @Test
  void aSavedModelScoresAndIsToldTheSame() throws IOException {
    LeptonModel model = exact(tableModel);
    model.set(model.predictionCol(), "kind_of");
    String path = directory.resolve("saved").toString();
    model.write().overwrite().save(path);

    LeptonModel loaded = LeptonModel.load(path);

    Dataset<Row> data = Trained.table(spark, 80);
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.explainParams()).isEqualTo(model.explainParams());
    assertThat(inOrder(loaded.transform(data))).isEqualTo(inOrder(model.transform(data)));
    assertThat(loaded.hasSummary()).isFalse();
  }

  @Test
  void aModelCanBeSavedOverTheOneItWasLoadedFrom() throws IOException {
    String path = directory.resolve("over").toString();
    exact(tableModel).write().save(path);
    LeptonModel loaded = LeptonModel.load(path);
    loaded.set(loaded.predictionCol(), "kind_of");

    assertThatThrownBy(() -> loaded.write().save(path))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must not exist, but does");
    loaded.write().overwrite().save(path);

    Dataset<Row> data = Trained.table(spark, 80);
    assertThat(inOrder(LeptonModel.load(path).transform(data)))
        .isEqualTo(inOrder(loaded.transform(data)));
  }

  private LeptonModel exact(String path) throws IOException {
    return LeptonModel.open(spark, path).setDeterministicScoring(true);
  }

  private static List<Row> withNull() {
    List<Row> rows = new ArrayList<>(Trained.tableRows(3));
    rows.set(1, RowFactory.create(1L, 0.5, 0.5f, null, 0));
    return rows;
  }

  private static List<Row> inOrder(Dataset<Row> data) {
    return data.drop("image").orderBy("id").collectAsList();
  }

  private static String plan(Dataset<Row> data) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) data)
        .queryExecution()
        .executedPlan()
        .toString();
  }
}
