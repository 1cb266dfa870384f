package io.lepton.tf;

/**
 * How a metric follows from sums over examples, which add up over batches, shards and replicas.
 *
 * <p>Those of a binary classifier take a histogram of its logits, see {@link LogitHistogram}; those
 * of several classes take for each class the weight rightly given it, then for each the weight
 * given it, then for each the weight that is of it.
 */
public enum Derivation {
  /** A sum over the weight. */
  MEAN,
  /** The root of a mean. */
  ROOT_MEAN,
  /**
   * 1 − squared errors / squared deviations from the mean label: of sums of squared errors, of
   * labels and of their squares, the latter two each as a float and what that leaves over.
   */
  R2,
  /** Area under the ROC curve; NaN unless there are both classes. */
  ROC_AREA,
  /** Sum over thresholds of precision times the recall gained; NaN without positives. */
  AVERAGE_PRECISION,
  /** Precision at probability 0.5; NaN if nothing was taken to be positive. */
  PRECISION,
  /** Recall at probability 0.5; NaN without positives. */
  RECALL,
  /** Harmonic mean of precision and recall at probability 0.5, which is Dice of the positive. */
  F1,
  /** Intersection over union of the positive at probability 0.5. */
  POSITIVE_IOU,
  /** F1, which is Dice, averaged over the classes that occur or were taken to. */
  MACRO_F1,
  /** Intersection over union, averaged over the classes that occur or were taken to. */
  MEAN_IOU;

  double value(double weight, double[] sums) {
    return switch (this) {
      case MEAN -> sums[0] / weight;
      case ROOT_MEAN -> Math.sqrt(sums[0] / weight);
      case R2 -> r2(weight, sums);
      case ROC_AREA -> new LogitHistogram(sums).rocArea();
      case AVERAGE_PRECISION -> new LogitHistogram(sums).averagePrecision();
      case PRECISION -> new LogitHistogram(sums).precision();
      case RECALL -> new LogitHistogram(sums).recall();
      case F1 -> new LogitHistogram(sums).f1();
      case POSITIVE_IOU -> new LogitHistogram(sums).intersectionOverUnion();
      case MACRO_F1 -> new ClassCounts(sums).meanF1();
      case MEAN_IOU -> new ClassCounts(sums).meanIntersectionOverUnion();
    };
  }

  private static double r2(double weight, double[] sums) {
    double labels = sums[1] + sums[2];
    double squares = sums[3] + sums[4];
    return 1 - sums[0] / (squares - labels * labels / weight);
  }
}
