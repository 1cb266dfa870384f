package io.lepton.spark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Areas, points and thresholds of one group, as far as one partition knows. */
final class CurvePart implements Serializable {
  /** A curve has a point where one of the rates passes a multiple of one over this. */
  private static final int STEPS = 500;

  private final CurveTotals totals;
  private final List<ThresholdGoal> goals;
  private final transient CurveSums sums;
  private final transient ExactSums roc;
  private final transient ExactSums precision;
  private transient double[] rightBefore;
  private transient double[] wrongBefore;
  private final List<CurvePoint> points = new ArrayList<>();
  private final Map<Integer, CurvePoint> chosen = new TreeMap<>();
  private double[] rocState;
  private double[] precisionState;

  /**
   * Starts.
   *
   * @param totals of the whole group
   * @param before what comes before this partition; changed from now on
   */
  CurvePart(CurveTotals totals, CurveSums before, List<ThresholdGoal> goals) {
    this.totals = totals;
    this.goals = goals;
    this.sums = before;
    this.rightBefore = before.right();
    this.wrongBefore = before.wrong();
    this.roc = new ExactSums(rightBefore.length);
    this.precision = new ExactSums(rightBefore.length);
  }

  int group() {
    return totals.group();
  }

  void add(boolean positive, double weight, long row) {
    sums.add(positive, weight, row);
  }

  /** All rows of a score have been added. */
  void passed(double score) {
    double[] right = sums.right();
    double[] wrong = sums.wrong();
    for (int i = 0; i < right.length; i++) {
      double gained = right[i] - rightBefore[i];
      if (wrong[i] > wrongBefore[i]) {
        roc.add(i, (wrong[i] - wrongBefore[i]) * ((right[i] + rightBefore[i]) / 2));
      }
      if (gained > 0) {
        precision.add(i, gained * (right[i] / (right[i] + wrong[i])));
      }
    }
    CurvePoint point = new CurvePoint(score, right[0], wrong[0]);
    if (step(right[0], totals.right()[0]) != step(rightBefore[0], totals.right()[0])
        || step(wrong[0], totals.wrong()[0]) != step(wrongBefore[0], totals.wrong()[0])) {
      points.add(point);
    }
    choose(point);
    rightBefore = right;
    wrongBefore = wrong;
  }

  /** Makes it ready to travel. */
  void finish() {
    rocState = roc.state();
    precisionState = precision.state();
  }

  /** The curve of all parts of a group, in order. */
  static Curve merge(List<CurvePart> parts) {
    CurvePart first = parts.get(0);
    ExactSums roc = ExactSums.of(first.rocState);
    ExactSums precision = ExactSums.of(first.precisionState);
    List<CurvePoint> points = new ArrayList<>(first.points);
    for (CurvePart part : parts.subList(1, parts.size())) {
      roc.add(ExactSums.of(part.rocState));
      precision.add(ExactSums.of(part.precisionState));
      points.addAll(part.points);
      part.chosen.values().forEach(first::choose);
    }
    double[] areas = roc.values();
    double[] precisions = precision.values();
    for (int i = 0; i < areas.length; i++) {
      areas[i] /= first.totals.right()[i] * first.totals.wrong()[i];
      precisions[i] /= first.totals.right()[i];
    }
    return new Curve(first.totals, areas, precisions, points, first.choices());
  }

  private List<ThresholdChoice> choices() {
    List<ThresholdChoice> choices = new ArrayList<>();
    for (int i = 0; i < goals.size(); i++) {
      CurvePoint point = chosen.get(i);
      if (point != null) {
        choices.add(ThresholdChoice.of(goals.get(i), point, totals));
      }
    }
    return choices;
  }

  private void choose(CurvePoint point) {
    for (int i = 0; i < goals.size(); i++) {
      if (goals.get(i).prefers(point, chosen.get(i), totals.positives())) {
        chosen.put(i, point);
      }
    }
  }

  private static long step(double part, double whole) {
    return (long) Math.ceil(part / whole * STEPS);
  }
}
