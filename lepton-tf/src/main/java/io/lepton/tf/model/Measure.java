package io.lepton.tf.model;

import io.lepton.tf.Derivation;
import io.lepton.tf.LogitHistogram;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums over examples that only evaluation takes, and the metrics derived from them.
 *
 * @param kind of the sums
 * @param width how many
 * @param metrics derived from them, in order
 */
record Measure(Kind kind, int width, List<Derived> metrics) {
  static final int TOP = 5;

  /** What is summed. */
  enum Kind {
    LOGITS,
    CLASSES,
    TOP_K,
    SQUARES,
    DEVIATIONS
  }

  /** A metric. */
  record Derived(String name, Derivation derivation) {}

  private static final int MOST_CLASSES = 1000;

  private static final List<Measure> NUMBERS =
      List.of(
          of(Kind.SQUARES, 1, new Derived("rmse", Derivation.ROOT_MEAN)),
          of(Kind.DEVIATIONS, 5, new Derived("r2", Derivation.R2)));

  private static final List<Measure> TWO_CLASSES =
      List.of(
          of(
              Kind.LOGITS,
              2 * LogitHistogram.BINS,
              new Derived("auc", Derivation.ROC_AREA),
              new Derived("average-precision", Derivation.AVERAGE_PRECISION),
              new Derived("precision", Derivation.PRECISION),
              new Derived("recall", Derivation.RECALL),
              new Derived("f1", Derivation.F1),
              new Derived("iou", Derivation.POSITIVE_IOU)));

  /** What to measure beside the means of a loss. */
  static List<Measure> of(Loss loss) {
    if (loss.classes() > 0) {
      return ofClasses(loss.classes());
    }
    return loss instanceof MeasuredLoss ? NUMBERS : List.of();
  }

  private static List<Measure> ofClasses(int classes) {
    if (classes == 2) {
      return TWO_CLASSES;
    }
    List<Measure> measures = new ArrayList<>();
    if (classes > TOP) {
      measures.add(of(Kind.TOP_K, 1, new Derived("top-5-accuracy", Derivation.MEAN)));
    }
    if (classes <= MOST_CLASSES) {
      measures.add(
          of(
              Kind.CLASSES,
              3 * classes,
              new Derived("macro-f1", Derivation.MACRO_F1),
              new Derived("mean-iou", Derivation.MEAN_IOU)));
    }
    return List.copyOf(measures);
  }

  private static Measure of(Kind kind, int width, Derived... metrics) {
    return new Measure(kind, width, List.of(metrics));
  }
}
