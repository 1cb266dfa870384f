package io.lepton.spark.predict;

import static io.lepton.spark.predict.StreamSource.ARRIVAL;
import static org.apache.spark.sql.functions.col;

import io.lepton.spark.WholeDirectory;
import io.lepton.spark.ml.LeptonModel;
import io.lepton.spark.ml.ModelWaits;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
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
  private static final Pattern DIRECTORY = Pattern.compile(BATCH + "=(\\d{1,18})");

  private final StreamPrediction stream;
  private final CurrentModel current;
  private final Configuration hadoop;
  private final Consumer<BatchReport> listener;
  private final StreamIdentity identity;
  private final StreamTally tally = new StreamTally();
  private Exception failure;
  private boolean ended;

  StreamBatches(
      StreamPrediction stream,
      CurrentModel current,
      Configuration hadoop,
      Consumer<BatchReport> listener) {
    this.stream = stream;
    this.current = current;
    this.hadoop = hadoop;
    this.listener = listener;
    this.identity = new StreamIdentity(stream.checkpoint(), hadoop);
  }

  synchronized void score(Dataset<Row> rows, long batch) throws IOException, InterruptedException {
    if (ended) {
      throw new InterruptedException("no batch begins after the end");
    }
    try (Delivery delivery =
        new Delivery(
            directory(stream.output(), batch),
            directory(stream.quarantine(), batch),
            stream.partitionBy())) {
      identity.check(stream.output());
      identity.check(stream.quarantine());
      if (!delivery.output().exists()) {
        score(rows, batch, delivery);
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * Waits for the batch that is under way; none begins afterwards.
   *
   * @throws IllegalStateException if a batch failed, with what it failed of
   */
  synchronized void end() {
    ended = true;
    if (failure != null) {
      throw new IllegalStateException("a batch failed when the stream was to end", failure);
    }
  }

  synchronized StreamReport report(boolean stopped) {
    return tally.report(current.swaps(), stream.eventTime().isPresent(), stopped);
  }

  private void score(Dataset<Row> rows, long batch, Delivery delivery) throws IOException {
    long start = System.nanoTime();
    Instant begin = Instant.now();
    LeptonModel model = current.follow(rows.schema());
    ModelWaits waits = ModelWaits.in(rows.sparkSession().sparkContext());
    Predictions predictions = Predictions.of(model.telling(waits), rows, begin, late(rows, batch));
    PredictionReport report;
    Map<Long, Long> arrivals;
    Map<Long, Long> events;
    try {
      predictions.keep();
      arrivals = predictions.ages(col(ARRIVAL), begin);
      events = stream.eventTime().map(it -> predictions.ages(it.time(), begin)).orElse(Map.of());
      report = delivery.write(predictions);
      identity.claim(stream.output());
      if (report.quarantined() > 0) {
        identity.claim(stream.quarantine());
      }
      delivery.publish(report);
    } finally {
      predictions.forget();
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    BatchReport told =
        new BatchReport(
            batch, report, model.bundle().sha256(), millis / 1e3, current.opening(), waits.all());
    tally.add(told, arrivals, events, millis);
    listener.accept(told);
  }

  private Optional<Column> late(Dataset<Row> rows, long batch) {
    return stream
        .eventTime()
        .map(
            it ->
                it.refusal(
                    new StreamLog(rows.sparkSession(), stream.checkpoint()).watermark(batch)));
  }

  private WholeDirectory directory(String table, long batch) throws IOException {
    Path home = new Path(table);
    return WholeDirectory.at(new Path(home, BATCH + "=" + batch), place(home), hadoop);
  }

  /** The last batch that a table has a directory of; empty if it has none. */
  static OptionalLong last(Path table, Configuration hadoop) throws IOException {
    FileSystem files = table.getFileSystem(hadoop);
    if (!files.exists(table)) {
      return OptionalLong.empty();
    }
    return Arrays.stream(files.listStatus(table))
        .map(found -> DIRECTORY.matcher(found.getPath().getName()))
        .filter(Matcher::matches)
        .mapToLong(name -> Long.parseLong(name.group(1)))
        .max();
  }

  /** Where batches of a table are written. */
  static Path place(Path table) {
    return new Path(table, INCOMING);
  }
}
