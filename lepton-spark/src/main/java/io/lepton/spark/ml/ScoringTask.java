package io.lepton.spark.ml;

import io.lepton.arrow.ColumnSpec;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.tf.ComputeOptions;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * All that a task needs to score a partition.
 *
 * @param source of the model
 * @param binding fitted, without labels
 * @param columns that are added
 * @param keepsInvalid whether rows that cannot be scored keep their place without scores; else they
 *     end the task
 * @param batchBytes of decoded rows that are scored together, about
 * @param compute how sessions compute
 * @param waits gets each wait for the model; null if nobody asks
 */
record ScoringTask(
    ModelSource source,
    DataBinding binding,
    List<ScoreColumn> columns,
    boolean keepsInvalid,
    long batchBytes,
    ComputeOptions compute,
    ModelWaits waits)
    implements Serializable {

  private static final int BATCH_ROWS = 4096;
  private static final long MOST_SCORE_BYTES = 64L << 20;

  ScoringTask {
    columns = List.copyOf(columns);
  }

  /** Rows whose scores are held at once, at most: as many as the bytes are enough for, or one. */
  long mostRows() {
    long row = columns.stream().mapToLong(ScoreColumn::bytesPerRow).sum();
    return Math.max(1, Math.min(BATCH_ROWS, MOST_SCORE_BYTES / Math.max(1, row)));
  }

  /** Whether columnar batches, as large as Spark makes them, may get their scores as a whole. */
  boolean takesBatches() {
    return mostRows() == BATCH_ROWS;
  }

  /**
   * Rows that are decoded at once: as many whole runs of a session as the bytes are enough for, one
   * at least, unless the scores of one are too large.
   */
  int rowsAtOnce(int run) {
    long row = binding.columns().stream().mapToLong(ColumnSpec::bytesPerExample).sum();
    long rows = Math.max(1, Math.min(BATCH_ROWS, batchBytes / row));
    long runs = (rows + run - 1) / run * run;
    return (int) (takesBatches() ? runs : Math.min(runs, mostRows()));
  }

  /** Whether the model is wanted; else only what is wrong with rows is. */
  boolean scores() {
    return columns.stream().anyMatch(it -> it.content() != ScoreColumn.Content.REASON);
  }

  /**
   * Scores rows.
   *
   * @param ordinals of the binding's sources in a row
   * @param types of all columns of the result
   */
  Iterator<InternalRow> rows(
      int partition, Iterator<InternalRow> rows, int[] ordinals, DataType[] types) {
    return rows.hasNext()
        ? new ScoredRows(rows, types, batches(partition, ordinals), batchBytes)
        : rows;
  }

  /** Scores columnar batches: their vectors, and those of the scores behind them. */
  Iterator<ColumnarBatch> batches(int partition, Iterator<ColumnarBatch> batches, int[] ordinals) {
    return batches.hasNext() ? new ScoredBatches(batches, batches(partition, ordinals)) : batches;
  }

  private BatchScoring batches(int partition, int[] ordinals) {
    return new BatchScoring(this, TaskContext.get(), partition, ordinals);
  }

  @Override
  public String toString() {
    return "model " + source.sha256().substring(0, 12);
  }
}
