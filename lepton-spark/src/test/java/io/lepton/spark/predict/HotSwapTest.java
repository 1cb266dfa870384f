package io.lepton.spark.predict;

import static java.util.stream.Collectors.toSet;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.Cluster;
import io.lepton.spark.StopRequest;
import io.lepton.spark.ml.Bundles;
import io.lepton.spark.ml.ModelWait;
import io.lepton.tf.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("chaos")
class HotSwapTest {
  private static final int SWAPS = 10;
  private static final int BATCHES = 20;
  private static final int ROWS_PER_BATCH = 10_000;

  @TempDir private Path directory;

  private final List<Path> bundles = new ArrayList<>();
  private final List<String> versions = new ArrayList<>();
  private final List<BatchReport> batches = new ArrayList<>();
  private StreamFiles files;

  @Test
  void rowsAreScoredOnceByTheVersionOfTheirBatchWhichWaitsForOneLoadAtMost() throws Exception {
    SparkSession spark = Cluster.processes();
    train(spark);
    files = StreamFiles.in(directory);
    for (int file = 0; file < 2 * BATCHES; file++) {
      files.write(file, ROWS_PER_BATCH / 2, "");
    }

    StreamReport report = run(spark);

    assertThat(report.all()).isEqualTo(new PredictionReport(200_000, 200_000, 0));
    assertThat(report.batches()).isEqualTo(BATCHES);
    assertThat(report.models().swaps()).isEqualTo(SWAPS);
    assertThat(report.rowsByVersion().keySet()).containsExactlyElementsOf(versions);
    everyRowIsThereOnce(spark);
    noBatchWaitsForMoreThanOneLoad(report);
  }

  private void everyRowIsThereOnce(SparkSession spark) {
    List<Row> scored =
        spark
            .read()
            .parquet(files.output().toString())
            .groupBy("batch", "model_version")
            .agg(count(lit(1)), count_distinct(col("id")), min("id"), max("id"))
            .orderBy("batch")
            .collectAsList();
    assertThat(scored).hasSize(BATCHES);
    for (int batch = 0; batch < BATCHES; batch++) {
      Row row = scored.get(batch);
      long first = (long) batch * ROWS_PER_BATCH;
      assertThat(row.getInt(0)).isEqualTo(batch);
      assertThat(row.getString(1)).isEqualTo(version(batch));
      assertThat(row.getLong(2)).isEqualTo(ROWS_PER_BATCH);
      assertThat(row.getLong(3)).isEqualTo(ROWS_PER_BATCH);
      assertThat(row.getLong(4)).isEqualTo(first);
      assertThat(row.getLong(5)).isEqualTo(first + ROWS_PER_BATCH - 1);
    }
  }

  private void noBatchWaitsForMoreThanOneLoad(StreamReport report) {
    Set<String> loaded = new HashSet<>();
    for (BatchReport batch : batches) {
      Set<String> executors = batch.waits().stream().map(ModelWait::executor).collect(toSet());
      assertThat(batch.waits())
          .extracting(ModelWait::version)
          .allMatch(version((int) batch.batch())::equals);
      assertThat(batch.loads()).isEqualTo(executors.size());
      assertThat(batch.opening() > 0).isEqualTo(movedBefore(batch.batch()));
      for (ModelWait wait : batch.waits()) {
        assertThat(!wait.loaded() || loaded.add(wait.executor() + " " + wait.version())).isTrue();
      }
    }
    assertThat(report.models().loads()).isEqualTo(loaded.size());
    assertThat(loaded.size()).isBetween(SWAPS + 1, 2 * (SWAPS + 1));
    System.out.printf(
        "%d rows, %d batches, %d swaps, %d loads by 2 executors; a batch waited %.3f s at most%n",
        report.all().rows(),
        report.batches(),
        report.models().swaps(),
        report.models().loads(),
        report.models().longestWait());
  }

  /** The alias moves after every batch with an even number. */
  private StreamReport run(SparkSession spark) throws Exception {
    ModelAlias alias = new ModelAlias(directory.resolve("champion").toString());
    alias.move(bundles.get(0).toString(), new Configuration());
    return files
        .prediction(new FileStream(files.table(), 2), alias, Optional.empty())
        .run(
            spark,
            new StopRequest(),
            batch -> {
              batches.add(batch);
              if (movedBefore(batch.batch() + 1)) {
                move(alias, bundles.get((int) batch.batch() / 2 + 1));
              }
            });
  }

  private static boolean movedBefore(long batch) {
    return batch % 2 == 1;
  }

  private String version(int batch) {
    return versions.get((batch + 1) / 2);
  }

  private void train(SparkSession spark) throws IOException {
    bundles.add(Path.of(Bundles.table(spark, directory)));
    for (int i = 1; i <= SWAPS; i++) {
      bundles.add(Bundles.renamed(bundles.get(0), directory.resolve("model-" + i), "model-" + i));
    }
    for (Path bundle : bundles) {
      versions.add(Bundle.open(bundle).sha256());
    }
  }

  private static void move(ModelAlias alias, Path bundle) {
    try {
      alias.move(bundle.toString(), new Configuration());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
