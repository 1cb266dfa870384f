package io.lepton.spark.predict;

import io.lepton.spark.Leftovers;
import io.lepton.spark.StopRequest;
import io.lepton.spark.ingest.SchemaException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores a stream into Parquet files, a directory {@code batch=N} for each of its batches, by the
 * model that an alias names when the batch begins. Each row is written once, with scores or, in the
 * quarantine, with the reason why it has none; after any failure the same call goes on.
 *
 * @param source of the rows
 * @param alias of the model
 * @param output path of rows with scores
 * @param quarantine path of rows without
 * @param checkpoint path of what Spark knows of the stream, of this output alone
 * @param partitionBy columns to lay the directories of batches out by
 * @param eventTime of the rows; empty if none comes too late
 * @param every how often to look for rows
 * @param untilIdle whether to end when all rows that are there now are scored
 */
public record StreamPrediction(
    StreamSource source,
    ModelAlias alias,
    String output,
    String quarantine,
    String checkpoint,
    List<String> partitionBy,
    Optional<EventTime> eventTime,
    Duration every,
    boolean untilIdle) {
  private static final Logger LOG = LoggerFactory.getLogger(StreamPrediction.class);
  private static final long LOOK_MILLIS = 100;

  public StreamPrediction {
    partitionBy = List.copyOf(partitionBy);
  }

  /**
   * Does it, until it is asked to stop, which it does after a batch.
   *
   * @param told of each batch, by another thread
   * @throws SchemaException if there is no model, columns are missing, paths lie one in the other,
   *     or the checkpoint is not of this output
   */
  public StreamReport run(SparkSession spark, StopRequest stop, Consumer<BatchReport> told)
      throws Exception {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    checkPaths(hadoop);
    checkCheckpoint(spark, hadoop);
    for (String table : List.of(output, quarantine)) {
      Path home = new Path(table);
      Leftovers.of(home, StreamBatches.place(home), hadoop).sweep();
    }
    CurrentModel current = new CurrentModel(spark, alias);
    Dataset<Row> rows = source.rows(spark, current.model());
    check(rows);
    Predictions.of(current.model(), rows, Instant.EPOCH, Optional.empty());
    StreamBatches batches = new StreamBatches(this, current, hadoop, told);
    stop.hear(true);
    try {
      return run(rows, batches, stop);
    } catch (StreamingQueryException e) {
      if (!KafkaStream.isLostForMetrics(e)) {
        throw e;
      }
      LOG.warn("Spark counts what is left in Kafka before it looked, and ends; the stream goes on");
      return run(rows, batches, stop);
    } finally {
      stop.hear(false);
      removeIfEmpty(StreamBatches.place(new Path(output)), hadoop);
      removeIfEmpty(StreamBatches.place(new Path(quarantine)), hadoop);
    }
  }

  private StreamReport run(Dataset<Row> rows, StreamBatches batches, StopRequest stop)
      throws Exception {
    StreamingQuery query =
        eventTime
            .map(it -> it.watched(rows))
            .orElse(rows)
            .writeStream()
            .option("checkpointLocation", checkpoint)
            .trigger(
                untilIdle
                    ? Trigger.AvailableNow()
                    : Trigger.ProcessingTime(every.toMillis() + " milliseconds"))
            .foreachBatch((VoidFunction2<Dataset<Row>, Long>) batches::score)
            .start();
    try {
      while (!query.awaitTermination(LOOK_MILLIS)) {
        if (stop.isAsked()) {
          batches.end();
          query.stop();
          return batches.report(true);
        }
      }
      return batches.report(false);
    } finally {
      query.stop();
    }
  }

  private static void removeIfEmpty(Path directory, Configuration hadoop) {
    try {
      FileSystem files = directory.getFileSystem(hadoop);
      if (files.exists(directory) && files.listStatus(directory).length == 0) {
        files.delete(directory, false);
      }
    } catch (IOException e) {
      LOG.warn("{} may stay, empty", directory, e);
    }
  }

  private void check(Dataset<Row> rows) {
    List<String> columns = Arrays.asList(rows.columns());
    List<String> problems = new ArrayList<>();
    if (columns.contains(StreamBatches.BATCH)) {
      problems.add(
          "column '%s' must not be there before it is added, but is; give it another name"
              .formatted(StreamBatches.BATCH));
    }
    partitionBy.stream()
        .filter(column -> !columns.contains(column))
        .map("there is no column '%s' to partition by"::formatted)
        .forEach(problems::add);
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
    eventTime.ifPresent(it -> it.check(rows.schema()));
  }

  private void checkPaths(Configuration hadoop) throws IOException {
    List<String> paths = new ArrayList<>(List.of(output, quarantine));
    if (source instanceof FileStream files) {
      paths.add(0, files.table().path());
    }
    List<String> problems = PathsApart.problems(paths, hadoop);
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }

  /** Batches of another stream would be taken for those that are there, or replaced. */
  private void checkCheckpoint(SparkSession spark, Configuration hadoop) throws IOException {
    StreamIdentity identity = new StreamIdentity(checkpoint, hadoop);
    OptionalLong begun = StreamLog.lastBatch(spark, checkpoint);
    List<String> problems = new ArrayList<>();
    for (String table : List.of(output, quarantine)) {
      Optional<String> another = identity.problem(table);
      if (another.isPresent()) {
        problems.add(another.get());
      } else {
        checkBatches(table, begun, problems, hadoop);
      }
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }

  private void checkBatches(
      String table, OptionalLong begun, List<String> problems, Configuration hadoop)
      throws IOException {
    if (table.equals(output) && begun.isEmpty() && !isEmpty(new Path(output), hadoop)) {
      problems.add(
          "%s must be empty where a stream begins, but is not, and %s knows nothing of it; choose another output, or its own checkpoint"
              .formatted(output, checkpoint));
    }
    OptionalLong last = StreamBatches.last(new Path(table), hadoop);
    if (last.isPresent() && last.getAsLong() > begun.orElse(-1)) {
      problems.add(
          "%s must have no batch that its checkpoint does not know, but has batch %d, and %s %s; choose another path, or its own checkpoint"
              .formatted(table, last.getAsLong(), checkpoint, known(begun)));
    }
  }

  private static String known(OptionalLong begun) {
    return begun.isPresent() ? "ends with batch " + begun.getAsLong() : "knows none";
  }

  private static boolean isEmpty(Path table, Configuration hadoop) throws IOException {
    FileSystem files = table.getFileSystem(hadoop);
    return !files.exists(table) || files.listStatus(table).length == 0;
  }
}
