package io.lepton.spark.predict;

import io.lepton.spark.WholeDirectory;
import io.lepton.spark.ml.LeptonModel;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores batches of a stream into a directory each. A batch that comes again after its directory
 * was published is passed over, so that whatever happens each row is written once. Used by the
 * thread of the stream; any thread may {@link #end} it.
 */
final class StreamBatches {
  static final String BATCH = "batch";

  private static final String INCOMING = "_incoming";

  private final StreamPrediction stream;
  private final CurrentModel current;
  private final Configuration hadoop;
  private final Consumer<BatchReport> told;
  private final Map<String, Long> rowsByVersion = new LinkedHashMap<>();
  private final LatencyTally latency = new LatencyTally();
  private PredictionReport all = PredictionReport.NOTHING;
  private long batches;
  private boolean ended;

  StreamBatches(
      StreamPrediction stream,
      CurrentModel current,
      Configuration hadoop,
      Consumer<BatchReport> told) {
    this.stream = stream;
    this.current = current;
    this.hadoop = hadoop;
    this.told = told;
  }

  synchronized void score(Dataset<Row> rows, long batch) throws IOException, InterruptedException {
    if (ended) {
      throw new InterruptedException("no batch begins after the end");
    }
    try (Delivery delivery =
        new Delivery(
            place(stream.output(), batch),
            place(stream.quarantine(), batch),
            stream.partitionBy())) {
      if (!delivery.output().exists()) {
        score(rows, batch, delivery);
      }
    }
  }

  /** Waits for the batch that is under way; none begins afterwards. */
  synchronized void end() {
    ended = true;
  }

  synchronized StreamReport report(boolean stopped) {
    Map<String, Double> percentiles = new LinkedHashMap<>();
    percentiles.put("p50", latency.seconds(0.5));
    percentiles.put("p95", latency.seconds(0.95));
    percentiles.put("p99", latency.seconds(0.99));
    percentiles.put("max", latency.seconds(1));
    return new StreamReport(
        all, batches, new LinkedHashMap<>(rowsByVersion), current.swaps(), percentiles, stopped);
  }

  private void score(Dataset<Row> rows, long batch, Delivery delivery) throws IOException {
    long start = System.nanoTime();
    LeptonModel model = current.follow(rows.schema());
    Predictions predictions = Predictions.of(model, rows, Instant.now());
    PredictionReport report;
    try {
      report = delivery.deliver(predictions, predictions.keep());
    } finally {
      predictions.forget();
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    String version = model.bundle().sha256();
    all = all.plus(report);
    batches++;
    rowsByVersion.merge(version, report.rows(), Long::sum);
    latency.add(millis, report.rows());
    told.accept(new BatchReport(batch, report, version, millis / 1e3));
  }

  private WholeDirectory place(String table, long batch) throws IOException {
    return WholeDirectory.at(
        new Path(table, BATCH + "=" + batch), new Path(table, INCOMING), hadoop);
  }
}
