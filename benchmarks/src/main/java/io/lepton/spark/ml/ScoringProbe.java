package io.lepton.spark.ml;

import java.util.List;
import org.apache.spark.TaskContext$;
import org.apache.spark.TaskContextImpl;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Option;

/** What a task of {@code transform} does, without the task: for benchmarks. One thread. */
public final class ScoringProbe implements AutoCloseable {
  private final TaskContextImpl context = TaskContext$.MODULE$.empty();
  private final BatchScoring scoring;

  /** Scores rows like those of a data set. */
  public ScoringProbe(LeptonModel model, Dataset<Row> data) {
    org.apache.spark.sql.classic.Dataset<Row> scored =
        (org.apache.spark.sql.classic.Dataset<Row>) model.transform(data);
    ScoringTask task = task(scored.logicalPlan());
    StructType schema = data.schema();
    int[] ordinals = task.binding().sources().stream().mapToInt(schema::fieldIndex).toArray();
    scoring = new BatchScoring(task, context, 0, ordinals);
  }

  /** The scores of a batch, which the next call replaces. */
  public ColumnVector[] score(ColumnarBatch batch) {
    scoring.score(batch);
    return scoring.vectors();
  }

  /** Scores rows, as many together as fit; the scores of the last, which the next call replaces. */
  public ColumnVector[] score(List<InternalRow> rows) {
    scoring.begin();
    for (InternalRow row : rows) {
      if (!scoring.hasRoom()) {
        scoring.scoreAdded();
        scoring.begin();
      }
      scoring.add(row);
    }
    scoring.scoreAdded();
    return scoring.vectors();
  }

  @Override
  public void close() {
    context.markTaskCompleted(Option.empty());
  }

  private static ScoringTask task(LogicalPlan plan) {
    return plan instanceof ScorePlan scores ? scores.task() : task(plan.children().apply(0));
  }
}
