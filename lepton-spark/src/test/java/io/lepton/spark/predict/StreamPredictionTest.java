package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.Cluster;
import io.lepton.spark.Deadline;
import io.lepton.spark.StopRequest;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.Bundles;
import io.lepton.spark.ml.LeptonModel;
import io.lepton.tf.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamPredictionTest {
  @TempDir private static Path shared;

  private static Path one;

  @TempDir private Path directory;

  private SparkSession spark;
  private ModelAlias alias;
  private StreamFiles files;

  @BeforeAll
  static void train() throws IOException {
    one = Path.of(Bundles.table(Cluster.local(), shared));
  }

  @BeforeEach
  void begin() throws IOException {
    spark = Cluster.local();
    alias = new ModelAlias(directory.resolve("champion").toString());
    alias.move(one.toString(), new Configuration());
    files = StreamFiles.in(directory);
  }

  @Test
  void poisonedRowsGoToQuarantineAndTheStreamGoesOn() throws Exception {
    files.write(0, 5, "5,much,1,2\n6,1,1\n");
    files.write(1, 5, "");

    StreamReport report = prediction(true).run(spark, new StopRequest(), batch -> {});

    assertThat(report.all()).isEqualTo(new PredictionReport(12, 10, 2));
    List<Row> refused = spark.read().parquet(files.quarantine().toString()).collectAsList();
    assertThat(refused).extracting(row -> row.<Integer>getAs("batch")).containsOnly(0);
    assertThat(refused)
        .extracting(row -> row.<String>getAs("_corrupt_record"))
        .containsExactlyInAnyOrder("5,much,1,2", "6,1,1");
    assertThat(refused.get(0).<String>getAs("reason")).startsWith("the text must be a row");
  }

  @Test
  void aStreamThatWasAskedToStopGoesOnWithoutARowTwice() throws Exception {
    for (int file = 0; file < 6; file++) {
      files.write(file, 100, "");
    }
    StopRequest stop = new StopRequest();
    StreamReport first =
        prediction(false)
            .run(
                spark,
                stop,
                batch -> {
                  if (batch.batch() == 2) {
                    stop.ask();
                  }
                });
    assertThat(first.stopped()).isTrue();
    assertThat(first.all().scored()).isBetween(300L, 500L);
    files.write(6, 100, "");

    StreamReport second = prediction(true).run(spark, new StopRequest(), batch -> {});

    assertThat(first.all().scored() + second.all().scored()).isEqualTo(700);
    Dataset<Row> scored = spark.read().parquet(files.output().toString());
    assertThat(scored.count()).isEqualTo(700);
    assertThat(scored.select("id").distinct().count()).isEqualTo(700);
    assertThat(spark.streams().active()).isEmpty();
  }

  @Test
  void aBatchThatComesAgainAfterItWasPublishedIsPassedOver() throws Exception {
    files.write(0, 10, "");
    files.write(1, 10, "");
    prediction(true).run(spark, new StopRequest(), batch -> {});
    files.forget(1);

    List<BatchReport> again = Collections.synchronizedList(new ArrayList<>());
    prediction(true).run(spark, new StopRequest(), again::add);

    assertThat(again).isEmpty();
    assertThat(spark.read().parquet(files.output().toString()).count()).isEqualTo(20);
  }

  @Test
  void anAliasThatMovesToNothingGoodChangesNothing() throws Exception {
    for (int file = 0; file < 3; file++) {
      files.write(file, 10, "");
    }
    Path broken = Files.createDirectories(directory.resolve("broken"));

    StreamReport report =
        prediction(true)
            .run(
                spark,
                new StopRequest(),
                batch -> move(batch.batch() == 0 ? broken : directory.resolve("nothing")));

    assertThat(report.models().swaps()).isZero();
    assertThat(report.rowsByVersion()).containsExactly(Map.entry(Bundle.open(one).sha256(), 30L));
  }

  @Test
  void anOutputOfAnotherStreamIsRefused() throws Exception {
    files.write(0, 10, "");
    Files.createDirectories(files.output().resolve("batch=0"));

    assertThatThrownBy(() -> prediction(true).run(spark, new StopRequest(), batch -> {}))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("must be empty where a stream begins");
  }

  @Test
  void aCheckpointThatStandsBehindTheOutputIsThatOfAnotherStream() throws Exception {
    for (int file = 0; file < 3; file++) {
      files.write(file, 10, "much,1,1,1\n");
    }
    prediction(true).run(spark, new StopRequest(), batch -> {});
    files.forgetStream();
    StreamFiles other = another(1);
    Path elsewhere = directory.resolve("elsewhere");

    assertThatThrownBy(
            () ->
                prediction(true, files.output(), elsewhere, other.checkpoint(), files)
                    .run(spark, new StopRequest(), batch -> {}))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "%s must have no batch that its checkpoint does not know, but has batch 2, and %s ends with batch 0; choose another path, or its own checkpoint",
            files.output(), other.checkpoint());
    assertThatThrownBy(
            () ->
                prediction(true, elsewhere, files.quarantine(), directory.resolve("new"), files)
                    .run(spark, new StopRequest(), batch -> {}))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(files.quarantine() + " must have no batch")
        .hasMessageContaining("but has batch 2, and " + directory.resolve("new") + " knows none");
    assertThat(directory.resolve("new")).doesNotExist();
  }

  @Test
  void aCheckpointOfAnotherStreamIsRefusedWhereverItStandsAndNothingIsWritten() throws Exception {
    files.write(0, 10, "much,1,1,1\n");
    files.write(1, 10, "");
    prediction(true).run(spark, new StopRequest(), batch -> {});
    Path elsewhere = directory.resolve("elsewhere");

    for (int batches : new int[] {1, 2, 4}) {
      StreamFiles other = another(batches);
      other.write(batches, 10, "");
      List<Path> before = everything();
      String wrong =
          "%s must be of the stream of its checkpoint, but is of stream %s, and %s is of %s; choose another path, or its own checkpoint";
      String own = queryId(files.checkpoint());
      String its = queryId(other.checkpoint());
      assertThatThrownBy(
              () ->
                  prediction(true, files.output(), files.quarantine(), other.checkpoint(), other)
                      .run(spark, new StopRequest(), batch -> {}))
          .isInstanceOf(SchemaException.class)
          .hasMessage(
              "%s\n%s",
              wrong.formatted(files.output(), own, other.checkpoint(), its),
              wrong.formatted(files.quarantine(), own, other.checkpoint(), its));
      assertThatThrownBy(
              () ->
                  prediction(true, elsewhere, files.quarantine(), other.checkpoint(), other)
                      .run(spark, new StopRequest(), batch -> {}))
          .isInstanceOf(SchemaException.class)
          .hasMessage(wrong.formatted(files.quarantine(), own, other.checkpoint(), its));
      assertThat(everything()).isEqualTo(before);
    }
  }

  @Test
  void aStreamGoesOnInTheTablesThatHaveItsId() throws Exception {
    files.write(0, 10, "much,1,1,1\n");
    prediction(true).run(spark, new StopRequest(), batch -> {});
    String first = queryId(files.checkpoint());
    files.write(1, 10, "much,1,1,1\n");

    prediction(true).run(spark, new StopRequest(), batch -> {});

    assertThat(spark.read().parquet(files.output().toString()).count()).isEqualTo(20);
    assertThat(spark.read().parquet(files.quarantine().toString()).count()).isEqualTo(2);
    for (Path table : List.of(files.output(), files.quarantine())) {
      assertThat(new ObjectMapper().readTree(table.resolve("_stream.json").toFile()))
          .isEqualTo(new ObjectMapper().createObjectNode().put("id", first));
    }
  }

  @Test
  void anOutputThatDoesNotSayItsStreamIsTakenOverByItsCheckpoint() throws Exception {
    files.write(0, 10, "");
    prediction(true).run(spark, new StopRequest(), batch -> {});
    files.forgetStream();
    files.write(1, 10, "");

    prediction(true).run(spark, new StopRequest(), batch -> {});

    assertThat(spark.read().parquet(files.output().toString()).count()).isEqualTo(20);
    StreamFiles other = another(3);
    assertThatThrownBy(
            () ->
                prediction(true, files.output(), files.quarantine(), other.checkpoint(), other)
                    .run(spark, new StopRequest(), batch -> {}))
        .hasMessageContaining("is of stream " + queryId(files.checkpoint()));
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "true, true"})
  void aStreamThatWasKilledBeforeItsFirstBatchWasThereBeginsAgain(boolean begun, boolean claimed)
      throws Exception {
    files.write(0, 10, "");
    prediction(true).run(spark, new StopRequest(), batch -> {});
    files.undo(0);
    if (!claimed) {
      files.forgetStream();
    }
    if (!begun) {
      for (String log : List.of("offsets", "commits", "sources")) {
        assertThat(FileUtil.fullyDelete(files.checkpoint().resolve(log).toFile())).isTrue();
      }
    }
    String first = queryId(files.checkpoint());

    StreamReport report = prediction(true).run(spark, new StopRequest(), batch -> {});

    assertThat(report.all().scored()).isEqualTo(10);
    assertThat(spark.read().parquet(files.output().toString()).count()).isEqualTo(10);
    assertThat(queryId(files.checkpoint())).isEqualTo(first);
    assertThat(files.output().resolve("_stream.json")).content().contains(first);
  }

  @Test
  void ofTwoStreamsThatBeginInOneOutputOnlyTheFirstGoesOn() throws Exception {
    StreamFiles other = StreamFiles.in(directory.resolve("other"));
    CompletableFuture<StreamReport> late =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return prediction(
                        false, files.output(), files.quarantine(), other.checkpoint(), other)
                    .run(spark, new StopRequest(), batch -> {});
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            });
    Deadline.await(
        Duration.ofSeconds(60),
        "the other stream begins",
        () -> spark.streams().active().length == 1);
    files.write(0, 10, "");
    prediction(true).run(spark, new StopRequest(), batch -> {});
    other.write(0, 5, "");

    assertThatThrownBy(() -> late.get(60, TimeUnit.SECONDS))
        .hasStackTraceContaining("is of stream " + queryId(files.checkpoint()));
    assertThat(spark.read().parquet(files.output().toString()).count()).isEqualTo(10);
  }

  /** Another stream after as many batches. */
  private StreamFiles another(int batches) throws Exception {
    StreamFiles other = StreamFiles.in(directory.resolve("other-" + batches));
    for (int file = 0; file < batches; file++) {
      other.write(file, 10, "");
    }
    prediction(true, other.output(), other.quarantine(), other.checkpoint(), other)
        .run(spark, new StopRequest(), batch -> {});
    return other;
  }

  private static String queryId(Path checkpoint) throws IOException {
    return new ObjectMapper().readTree(checkpoint.resolve("metadata").toFile()).get("id").asText();
  }

  private List<Path> everything() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.sorted().toList();
    }
  }

  @Test
  void aBatchThatFailsWhileTheStreamIsToEndIsNoCleanEnd() throws Exception {
    files.write(0, 10, "");
    StopRequest stop = new StopRequest();
    Thread asked = Thread.currentThread();

    assertThatThrownBy(
            () ->
                prediction(false)
                    .run(
                        spark,
                        stop,
                        batch -> {
                          stop.ask();
                          Deadline.await(
                              Duration.ofSeconds(60),
                              "the end is waited for",
                              () -> asked.getState() == Thread.State.BLOCKED);
                          throw new IllegalStateException("the disk is full");
                        }))
        .hasRootCauseMessage("the disk is full");
    assertThat(spark.streams().active()).isEmpty();
  }

  @Test
  void aRowThatTheModelHasNoNumberForGoesToQuarantine() throws Exception {
    files.write(0, 5, "5,1,3.4028235e38,1\n");

    StreamReport report = prediction(true).run(spark, new StopRequest(), batch -> {});

    assertThat(report.all()).isEqualTo(new PredictionReport(6, 5, 1));
    Row refused = spark.read().parquet(files.quarantine().toString()).head();
    assertThat(refused.<Long>getAs("id")).isEqualTo(5);
    assertThat(refused.<String>getAs("reason")).isEqualTo(LeptonModel.UNDEFINED);
  }

  @Test
  void aFileThatCannotBeReadEndsTheStreamWhichGoesOnWhenItIsWrittenAgain() throws Exception {
    Path source = Files.createDirectories(directory.resolve("columns"));
    Path whole = parquet(source.resolve("0.parquet"));
    Path broken = Files.writeString(source.resolve("1.parquet"), "no Parquet");
    StreamSource columns =
        new FileStream(new InputTable(source.toString(), "parquet", files.table().schema()), 1);
    StreamPrediction prediction = files.prediction(columns, alias, Optional.empty());
    assertThatThrownBy(() -> prediction.run(spark, new StopRequest(), batch -> {}))
        .hasStackTraceContaining(broken.getFileName().toString());
    Files.copy(whole, broken, StandardCopyOption.REPLACE_EXISTING);

    prediction.run(spark, new StopRequest(), batch -> {});

    assertThat(spark.read().parquet(files.output().toString()).count()).isEqualTo(20);
  }

  /** A file of ten rows. */
  private Path parquet(Path file) throws IOException {
    Path written = directory.resolve("written");
    spark
        .range(10)
        .selectExpr("id", "double(id) a", "float(id) b", "int(id) c")
        .coalesce(1)
        .write()
        .parquet(written.toString());
    try (Stream<Path> parts = Files.list(written)) {
      Path part = parts.filter(it -> it.toString().endsWith(".parquet")).findFirst().orElseThrow();
      return Files.move(part, file);
    }
  }

  @Test
  void pathsThatDoNotLieApartAreRefusedBeforeAnythingIsWritten() throws IOException {
    files.write(0, 10, "");
    Path inside = files.output().resolve("refused");
    Path data = Path.of(files.table().path());

    for (StreamPrediction wrong :
        List.of(
            prediction(true, files.output(), files.output()),
            prediction(true, files.output(), inside),
            prediction(true, data.resolve("scored"), files.quarantine()))) {
      assertThatThrownBy(() -> wrong.run(spark, new StopRequest(), batch -> {}))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("data, output and quarantine must lie apart");
    }
    assertThat(files.output()).doesNotExist();
  }

  private StreamPrediction prediction(boolean untilIdle) {
    return prediction(untilIdle, files.output(), files.quarantine());
  }

  private StreamPrediction prediction(boolean untilIdle, Path output, Path quarantine) {
    return prediction(untilIdle, output, quarantine, files.checkpoint(), files);
  }

  private StreamPrediction prediction(
      boolean untilIdle, Path output, Path quarantine, Path checkpoint, StreamFiles source) {
    return new StreamPrediction(
        new FileStream(source.table(), 1),
        alias,
        output.toString(),
        quarantine.toString(),
        checkpoint.toString(),
        List.of(),
        Optional.empty(),
        Duration.ofMillis(50),
        untilIdle);
  }

  private void move(Path bundle) {
    try {
      alias.move(bundle.toString(), new Configuration());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
