package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.Cluster;
import io.lepton.spark.StopRequest;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.Bundles;
import io.lepton.tf.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    return new StreamPrediction(
        new FileStream(files.table(), 1),
        alias,
        output.toString(),
        quarantine.toString(),
        files.checkpoint().toString(),
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
