package io.lepton.spark.evaluation;

import java.util.List;

/**
 * What the evaluation of a classification may be told.
 *
 * @param threshold of probability, from which class 1 is given where there are two classes
 * @param tops the k of top-k accuracies; those of the classes' number and above are left out
 * @param bins of the calibration
 * @param goals of thresholds, where there are two classes
 */
public record ClassOptions(
    double threshold, List<Integer> tops, int bins, List<ThresholdGoal> goals) {
  /** Threshold 0.5, top 5, 15 bins and the threshold of the best F1. */
  public static final ClassOptions DEFAULT =
      new ClassOptions(0.5, List.of(5), 15, List.of(new ThresholdGoal.BestF1()));

  public ClassOptions {
    tops = List.copyOf(tops);
    goals = List.copyOf(goals);
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "threshold must be between 0 and 1, but was: " + threshold);
    }
    if (bins < 1) {
      throw new IllegalArgumentException("bins must be positive, but were: " + bins);
    }
    if (tops.stream().anyMatch(k -> k < 1)) {
      throw new IllegalArgumentException("tops must be positive, but were: " + tops);
    }
  }
}
