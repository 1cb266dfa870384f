package io.lepton.spark.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Makes the operator of a {@link ScorePlan}. */
final class ScoreStrategy extends SparkStrategy {
  private static final ScoreStrategy INSTANCE = new ScoreStrategy();

  private ScoreStrategy() {}

  /** Has a session use it; sessions made from it do too. Idempotent, any thread. */
  static void install(SparkSession session) {
    synchronized (session.experimental()) {
      List<SparkStrategy> strategies =
          new ArrayList<>(ScalaSeq.list(session.experimental().extraStrategies()));
      if (!strategies.contains(INSTANCE)) {
        strategies.add(INSTANCE);
        session.experimental().extraStrategies_$eq(ScalaSeq.of(strategies));
      }
    }
  }

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    return plan instanceof ScorePlan score
        ? ScalaSeq.of(
            List.of(
                new ScoreExec(
                    score.task(), score.features(), score.scores(), planLater(score.child()))))
        : ScalaSeq.of(List.of());
  }
}
