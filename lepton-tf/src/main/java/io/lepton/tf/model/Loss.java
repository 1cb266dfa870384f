package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;

/**
 * What training lowers. Each example has a loss; a batch's is their mean weighted by example
 * weights.
 *
 * <p>Every metric is a weighted mean over examples too, so that sums of parts merge exactly.
 */
public sealed interface Loss extends Serializable {
  /** Names of the metrics measured beside the loss. */
  List<String> metrics();

  /**
   * Cross entropy of softmax over logits {@code [n, classes]} against int32 labels {@code [n]} in
   * {@code [0, classes)}.
   */
  record Softmax(int classes) implements Loss {
    public Softmax {
      if (classes < 2) {
        throw new IllegalArgumentException("classes must be at least 2, but was: " + classes);
      }
    }

    @Override
    public List<String> metrics() {
      return List.of("accuracy");
    }
  }

  /**
   * Cross entropy of the sigmoid of logits {@code [n, 1]} against int32 labels {@code [n]}, 0 or 1.
   */
  record Sigmoid() implements Loss {
    @Override
    public List<String> metrics() {
      return List.of("accuracy");
    }
  }

  /** Squared difference of outputs {@code [n, 1]} and float32 labels {@code [n]}. */
  record SquaredError() implements Loss {
    @Override
    public List<String> metrics() {
      return List.of("mae", "mse");
    }
  }

  /** Whether a larger value of the metric (or {@code loss}) is the better one. */
  static boolean higherIsBetter(String metric) {
    return metric.equals("accuracy");
  }
}
