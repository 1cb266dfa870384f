package io.lepton.spark.ingest;

import io.lepton.spark.Columns;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * The physical scan of a DataFrame: columnar batches where the top of the plan makes them, else
 * internal rows.
 */
final class SourceScan {
  private final Dataset<Row> selected;
  private final SparkPlan plan;

  SourceScan(Dataset<Row> data, DataBinding binding) {
    this(data, binding.sources());
  }

  /** The scan of some columns, in this order. */
  SourceScan(Dataset<Row> data, List<String> columns) {
    selected =
        data.select(
            columns.stream().map(Columns::named).toArray(org.apache.spark.sql.Column[]::new));
    plan =
        withoutTransition(
            ((org.apache.spark.sql.classic.Dataset<Row>) selected).queryExecution().executedPlan());
  }

  /** The columns that are scanned. */
  Dataset<Row> selected() {
    return selected;
  }

  boolean columnar() {
    return plan.supportsColumnar();
  }

  JavaRDD<ColumnarBatch> batches() {
    return plan.executeColumnar().toJavaRDD();
  }

  JavaRDD<InternalRow> rows() {
    return ((org.apache.spark.sql.classic.Dataset<Row>) selected)
        .queryExecution()
        .toRdd()
        .toJavaRDD();
  }

  /**
   * Takes off the transition to rows that Spark puts on top of a columnar plan, and nothing else:
   * any operator between would be lost.
   */
  private static SparkPlan withoutTransition(SparkPlan top) {
    SparkPlan plan = top instanceof WholeStageCodegenExec codegen ? codegen.child() : top;
    if (plan instanceof ColumnarToRowExec transition) {
      SparkPlan child = transition.child();
      return child instanceof InputAdapter adapter ? adapter.child() : child;
    }
    return top;
  }
}
