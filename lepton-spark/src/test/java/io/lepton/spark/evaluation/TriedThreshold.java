package io.lepton.spark.evaluation;

import java.util.List;
import org.apache.spark.sql.Row;

/**
 * What comes of giving class 1 from a probability on, counted row by row.
 *
 * @param at the probability
 * @param right weight of the positives from there on
 * @param wrong weight of the negatives from there on
 * @param positives weight of all of them
 */
record TriedThreshold(double at, double right, double wrong, double positives) {
  /** Of each probability that occurs. */
  static List<TriedThreshold> all(List<Row> rows) {
    return rows.stream()
        .map(TriedThreshold::probability)
        .distinct()
        .map(
            at ->
                new TriedThreshold(
                    at, weight(rows, at, 1), weight(rows, at, 0), weight(rows, 0, 1)))
        .toList();
  }

  double precision() {
    return right / (right + wrong);
  }

  double recall() {
    return right / positives;
  }

  double f1() {
    return 2 * precision() * recall() / (precision() + recall());
  }

  boolean reaches(ThresholdGoal goal) {
    if (goal instanceof ThresholdGoal.WantedPrecision wanted) {
      return precision() >= wanted.precision() - 1e-12;
    }
    return !(goal instanceof ThresholdGoal.WantedRecall wanted)
        || recall() >= wanted.recall() - 1e-12;
  }

  /** What a goal wants as much of as can be. */
  double worth(ThresholdGoal goal) {
    if (goal instanceof ThresholdGoal.WantedPrecision) {
      return recall();
    }
    if (goal instanceof ThresholdGoal.WantedRecall) {
      return precision();
    }
    if (goal instanceof ThresholdGoal.LeastCost cost) {
      return -(cost.falsePositive() * wrong + cost.falseNegative() * (positives - right));
    }
    return f1();
  }

  private static double weight(List<Row> rows, double at, int label) {
    return rows.stream()
        .filter(row -> probability(row) >= at && row.<Double>getAs("label") == label)
        .mapToDouble(row -> row.getAs("weight"))
        .sum();
  }

  private static double probability(Row row) {
    return row.<Double>getList(row.fieldIndex("scores")).get(0);
  }
}
