package io.lepton.spark.ml;

import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * Scores the rows of another operator: columnar batches where it makes them, which keep their
 * vectors, else rows, as where scores are so wide that those of a batch would not fit. Public, with
 * its constructor, for Spark copies plans by reflection.
 */
public final class ScoreExec extends SparkPlan {
  private static final long serialVersionUID = 1;

  private final ScoringTask task;
  private final Seq<Attribute> features;
  private final Seq<Attribute> scores;
  private final SparkPlan child;

  /**
   * An operator.
   *
   * @param task a {@link ScoringTask}, which is not public
   * @param features columns of the child that the model reads
   * @param scores columns that it adds
   */
  public ScoreExec(Object task, Seq<Attribute> features, Seq<Attribute> scores, SparkPlan child) {
    this.task = (ScoringTask) task;
    this.features = features;
    this.scores = scores;
    this.child = child;
  }

  @Override
  public Seq<SparkPlan> children() {
    return ScalaSeq.of(List.of(child));
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
    return new ScoreExec(task, features, scores, children.apply(0));
  }

  @Override
  public Seq<Attribute> output() {
    return ScalaSeq.concat(child.output(), scores);
  }

  @Override
  public AttributeSet producedAttributes() {
    return AttributeSet$.MODULE$.apply(ScalaSeq.<Expression>of(ScalaSeq.list(scores)));
  }

  @Override
  public boolean supportsColumnar() {
    return child.supportsColumnar() && task.takesBatches();
  }

  @Override
  public Partitioning outputPartitioning() {
    return child.outputPartitioning();
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return child.outputOrdering();
  }

  @Override
  public RDD<InternalRow> doExecute() {
    ScoringTask scoring = task;
    int[] ordinals = ordinals();
    DataType[] types =
        ScalaSeq.list(output()).stream().map(Attribute::dataType).toArray(DataType[]::new);
    return child
        .execute()
        .toJavaRDD()
        .mapPartitionsWithIndex(
            (partition, rows) -> scoring.rows(partition, rows, ordinals, types), true)
        .rdd();
  }

  @Override
  public RDD<ColumnarBatch> doExecuteColumnar() {
    ScoringTask scoring = task;
    int[] ordinals = ordinals();
    return child
        .executeColumnar()
        .toJavaRDD()
        .mapPartitionsWithIndex(
            (partition, batches) -> scoring.batches(partition, batches, ordinals), true)
        .rdd();
  }

  @Override
  public int productArity() {
    return 4;
  }

  @Override
  public Object productElement(int n) {
    return parts().get(n);
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof ScoreExec;
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof ScoreExec other && parts().equals(other.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  private List<Object> parts() {
    return List.of(task, features, scores, child);
  }

  private int[] ordinals() {
    List<Attribute> columns = ScalaSeq.list(child.output());
    return ScalaSeq.list(features).stream()
        .mapToInt(
            feature -> {
              for (int i = 0; i < columns.size(); i++) {
                if (columns.get(i).exprId().equals(feature.exprId())) {
                  return i;
                }
              }
              throw new IllegalStateException("a plan must keep " + feature + ", but lost it");
            })
        .toArray();
  }
}
