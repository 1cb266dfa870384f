package io.lepton.spark.evaluation;

import java.util.Arrays;
import java.util.List;

/**
 * The ROC curve and the curve of precision over recall of a group.
 *
 * @param totals of the group
 * @param areas under the ROC curve: of the rows as they are, then of each replicate; NaN without
 *     positives or negatives
 * @param precisions averaged over the recall gained, likewise
 * @param points from the highest threshold down, about one for each five-hundredth of a rate
 * @param choices of thresholds
 */
@SuppressWarnings("ArrayRecordComponent")
record Curve(
    CurveTotals totals,
    double[] areas,
    double[] precisions,
    List<CurvePoint> points,
    List<ThresholdChoice> choices) {

  Estimate area(Bootstrap bootstrap) {
    return bootstrap.estimate(areas[0], Arrays.copyOfRange(areas, 1, areas.length));
  }

  Estimate averagePrecision(Bootstrap bootstrap) {
    return bootstrap.estimate(precisions[0], Arrays.copyOfRange(precisions, 1, precisions.length));
  }
}
