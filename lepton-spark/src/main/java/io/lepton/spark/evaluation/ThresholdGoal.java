package io.lepton.spark.evaluation;

import java.io.Serializable;

/** What a threshold of two classes is chosen for. */
public sealed interface ThresholdGoal extends Serializable {
  /** In words. */
  String words();

  /** Whether one point serves it better than another, which is at a higher threshold or null. */
  boolean prefers(CurvePoint point, CurvePoint before, double positives);

  /** The highest F1. */
  record BestF1() implements ThresholdGoal {
    @Override
    public String words() {
      return "best f1";
    }

    @Override
    public boolean prefers(CurvePoint point, CurvePoint before, double positives) {
      return before == null || f1(point, positives) > f1(before, positives);
    }

    static double f1(CurvePoint point, double positives) {
      return 2 * point.right() / (point.right() + point.wrong() + positives);
    }
  }

  /** The highest recall at a precision of at least so much. */
  record WantedPrecision(double precision) implements ThresholdGoal {
    public WantedPrecision {
      Checks.share("precision", precision);
    }

    @Override
    public String words() {
      return "precision of at least " + precision;
    }

    @Override
    public boolean prefers(CurvePoint point, CurvePoint before, double positives) {
      return point.precision() >= precision && (before == null || point.right() > before.right());
    }
  }

  /** The highest precision at a recall of at least so much. */
  record WantedRecall(double recall) implements ThresholdGoal {
    public WantedRecall {
      Checks.share("recall", recall);
    }

    @Override
    public String words() {
      return "recall of at least " + recall;
    }

    @Override
    public boolean prefers(CurvePoint point, CurvePoint before, double positives) {
      return point.right() >= recall * positives
          && (before == null || point.precision() > before.precision());
    }
  }

  /** The lowest cost of what goes wrong, with what it costs to call a negative or a positive so. */
  record LeastCost(double falsePositive, double falseNegative) implements ThresholdGoal {
    public LeastCost {
      Checks.cost("false-positive", falsePositive);
      Checks.cost("false-negative", falseNegative);
    }

    @Override
    public String words() {
      return "least cost, %s a false positive, %s a false negative"
          .formatted(falsePositive, falseNegative);
    }

    @Override
    public boolean prefers(CurvePoint point, CurvePoint before, double positives) {
      return before == null || cost(point, positives) < cost(before, positives);
    }

    double cost(CurvePoint point, double positives) {
      return falsePositive * point.wrong() + falseNegative * (positives - point.right());
    }
  }

  /** Rules of the goals' numbers. */
  final class Checks {
    private Checks() {}

    static void share(String name, double value) {
      if (!(value > 0 && value <= 1)) {
        throw new IllegalArgumentException(
            "%s must be above 0 and at most 1, but was: %s".formatted(name, value));
      }
    }

    static void cost(String name, double value) {
      if (!(value >= 0 && Double.isFinite(value))) {
        throw new IllegalArgumentException(
            "%s must be a finite number from 0 on, but was: %s".formatted(name, value));
      }
    }
  }
}
