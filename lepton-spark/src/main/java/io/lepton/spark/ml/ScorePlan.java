package io.lepton.spark.ml;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * That a model adds its scores to the rows of another plan. Public, with its constructor, for Spark
 * copies plans by reflection.
 */
public final class ScorePlan extends LogicalPlan {
  private static final long serialVersionUID = 1;

  private final ScoringTask task;
  private final Seq<Attribute> features;
  private final Seq<Attribute> scores;
  private final LogicalPlan child;

  /**
   * A plan.
   *
   * @param task a {@link ScoringTask}, which is not public
   * @param features columns of the child that the model reads
   * @param scores columns that it adds
   */
  public ScorePlan(Object task, Seq<Attribute> features, Seq<Attribute> scores, LogicalPlan child) {
    this.task = (ScoringTask) task;
    this.features = features;
    this.scores = scores;
    this.child = child;
  }

  ScoringTask task() {
    return task;
  }

  Seq<Attribute> features() {
    return features;
  }

  Seq<Attribute> scores() {
    return scores;
  }

  LogicalPlan child() {
    return child;
  }

  @Override
  public Seq<LogicalPlan> children() {
    return ScalaSeq.of(List.of(child));
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> children) {
    return new ScorePlan(task, features, scores, children.apply(0));
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
  public int productArity() {
    return 4;
  }

  @Override
  public Object productElement(int n) {
    return parts().get(n);
  }

  @Override
  public boolean canEqual(Object that) {
    return that instanceof ScorePlan;
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof ScorePlan other && parts().equals(other.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  private List<Object> parts() {
    return List.of(task, features, scores, child);
  }
}
