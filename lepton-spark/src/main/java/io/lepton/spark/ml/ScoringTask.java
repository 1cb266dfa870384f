package io.lepton.spark.ml;

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

  ScoringTask {
    columns = List.copyOf(columns);
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
