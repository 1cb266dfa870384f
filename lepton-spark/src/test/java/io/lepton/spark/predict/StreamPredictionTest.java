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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamPredictionTest {
  private static final int FILES = 20;
  private static final int ROWS = 1000;

  @TempDir private static Path shared;

  private static Path one;
  private static Path two;
  private static Map<Path, String> versions;

  @TempDir private Path directory;

  private SparkSession spark;
  private ModelAlias alias;
  private Path output;
  private Path quarantine;

  @BeforeAll
  static void train() throws IOException {
    one = Path.of(Bundles.table(Cluster.local(), shared));
    two = Bundles.renamed(one, shared.resolve("two"), "other");
    versions = Map.of(one, Bundle.open(one).sha256(), two, Bundle.open(two).sha256());
  }

  @BeforeEach
  void begin() throws IOException {
    spark = Cluster.local();
    alias = new ModelAlias(directory.resolve("champion").toString());
    alias.move(one.toString(), new Configuration());
    output = directory.resolve("output");
    quarantine = directory.resolve("quarantine");
    Files.createDirectories(directory.resolve("source"));
  }

  @Test
  void eachRowIsScoredOnceByTheVersionCurrentForItsBatch() throws Exception {
    for (int file = 0; file < FILES; file++) {
      write(file, ROWS, "");
    }
    Map<Long, String> expected = new LinkedHashMap<>();
    expected.put(0L, versions.get(one));
    Consumer<BatchReport> swapping =
        batch -> {
          Path next = (batch.batch() / 2) % 2 == 0 ? two : one;
          if (batch.batch() % 2 == 0) {
            move(next);
          }
          String after = versions.get(batch.batch() % 2 == 0 ? next : named());
          expected.put(batch.batch() + 1, after);
        };

    StreamReport report = prediction(true).run(spark, new StopRequest(), swapping);

    assertThat(report.all()).isEqualTo(new PredictionReport(20_000, 20_000, 0));
    assertThat(report.batches()).isEqualTo(FILES);
    assertThat(report.swaps()).isEqualTo(10);
    assertThat(report.stopped()).isFalse();
    assertThat(report.rowsByVersion().values()).containsExactly(10_000L, 10_000L);
    assertThat(report.latency()).containsOnlyKeys("p50", "p95", "p99", "max");
    Dataset<Row> scored = spark.read().parquet(output.toString());
    assertThat(scored.select("id").distinct().count()).isEqualTo(20_000);
    assertThat(scored.count()).isEqualTo(20_000);
    for (Row row : scored.select("batch", "model_version", "id").collectAsList()) {
      assertThat(row.getString(1)).isEqualTo(expected.get((long) row.getInt(0)));
      assertThat(row.getLong(2) / ROWS).isEqualTo(row.getInt(0));
    }
  }

  @Test
  void poisonedRowsGoToQuarantineAndTheStreamGoesOn() throws Exception {
    write(0, 5, "5,much,1,2\n6,1,1\n");
    write(1, 5, "");

    StreamReport report = prediction(true).run(spark, new StopRequest(), batch -> {});

    assertThat(report.all()).isEqualTo(new PredictionReport(12, 10, 2));
    List<Row> refused = spark.read().parquet(quarantine.toString()).collectAsList();
    assertThat(refused).extracting(row -> row.<Integer>getAs("batch")).containsOnly(0);
    assertThat(refused)
        .extracting(row -> row.<String>getAs("_corrupt_record"))
        .containsExactlyInAnyOrder("5,much,1,2", "6,1,1");
    assertThat(refused.get(0).<String>getAs("reason")).startsWith("the text must be a row");
  }

  @Test
  void aStreamThatWasAskedToStopGoesOnWithoutARowTwice() throws Exception {
    for (int file = 0; file < 6; file++) {
      write(file, 100, "");
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
    write(6, 100, "");

    StreamReport second = prediction(true).run(spark, new StopRequest(), batch -> {});

    assertThat(first.all().scored() + second.all().scored()).isEqualTo(700);
    Dataset<Row> scored = spark.read().parquet(output.toString());
    assertThat(scored.count()).isEqualTo(700);
    assertThat(scored.select("id").distinct().count()).isEqualTo(700);
    assertThat(spark.streams().active()).isEmpty();
  }

  @Test
  void aBatchThatComesAgainAfterItWasPublishedIsPassedOver() throws Exception {
    write(0, 10, "");
    write(1, 10, "");
    prediction(true).run(spark, new StopRequest(), batch -> {});
    Files.delete(directory.resolve("checkpoint/commits/1"));
    Files.deleteIfExists(directory.resolve("checkpoint/commits/.1.crc"));

    List<BatchReport> again = Collections.synchronizedList(new ArrayList<>());
    prediction(true).run(spark, new StopRequest(), again::add);

    assertThat(again).isEmpty();
    assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(20);
  }

  @Test
  void anAliasThatMovesToNothingGoodChangesNothing() throws Exception {
    for (int file = 0; file < 3; file++) {
      write(file, 10, "");
    }
    Path broken = Files.createDirectories(directory.resolve("broken"));

    StreamReport report =
        prediction(true)
            .run(
                spark,
                new StopRequest(),
                batch -> move(batch.batch() == 0 ? broken : directory.resolve("nothing")));

    assertThat(report.swaps()).isZero();
    assertThat(report.rowsByVersion()).containsExactly(Map.entry(versions.get(one), 30L));
  }

  @Test
  void anOutputOfAnotherStreamIsRefused() throws Exception {
    write(0, 10, "");
    Files.createDirectories(output.resolve("batch=0"));

    assertThatThrownBy(() -> prediction(true).run(spark, new StopRequest(), batch -> {}))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("must be empty where a stream begins");
  }

  private StreamPrediction prediction(boolean untilIdle) {
    InputTable table =
        new InputTable(
            directory.resolve("source").toString(),
            "csv",
            Optional.of(InputTable.schema("id bigint, a double, b float, c int")));
    return new StreamPrediction(
        new FileStream(table, 1),
        alias,
        output.toString(),
        quarantine.toString(),
        directory.resolve("checkpoint").toString(),
        List.of(),
        Duration.ofMillis(50),
        untilIdle);
  }

  /** Files come in the order of their times. */
  private void write(int file, int rows, String more) throws IOException {
    StringBuilder text = new StringBuilder("id,a,b,c\n");
    for (int row = 0; row < rows; row++) {
      text.append("%d,%s,0.5,%d%n".formatted((long) file * rows + row, row / 7.0, row % 5));
    }
    Path hidden = directory.resolve("source/.%d.csv".formatted(file));
    Files.writeString(hidden, text.append(more));
    Files.setLastModifiedTime(hidden, FileTime.fromMillis(1_700_000_000_000L + 1000L * file));
    Files.move(hidden, directory.resolve("source/%d.csv".formatted(file)));
  }

  private void move(Path bundle) {
    try {
      alias.move(bundle.toString(), new Configuration());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path named() {
    try {
      return Path.of(Files.readString(directory.resolve("champion")).strip());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
