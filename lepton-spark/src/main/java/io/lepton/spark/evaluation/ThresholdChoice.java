package io.lepton.spark.evaluation;

/**
 * The threshold that serves a goal best: class 1 is given from it on.
 *
 * @param goal that it serves
 * @param threshold of the probability; one of the probabilities that occur
 * @param precision of class 1 there
 * @param recall of class 1 there
 * @param f1 of class 1 there
 * @param cost there, in all; NaN unless the goal is the least cost
 */
public record ThresholdChoice(
    ThresholdGoal goal, double threshold, double precision, double recall, double f1, double cost) {

  static ThresholdChoice of(ThresholdGoal goal, CurvePoint point, CurveTotals totals) {
    return new ThresholdChoice(
        goal,
        point.threshold(),
        point.precision(),
        point.right() / totals.positives(),
        ThresholdGoal.BestF1.f1(point, totals.positives()),
        goal instanceof ThresholdGoal.LeastCost least
            ? least.cost(point, totals.positives())
            : Double.NaN);
  }
}
