package io.lepton.tf.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What training lowers. Each element of a label has a loss, an example the mean of its elements'; a
 * batch's is the mean of its examples' weighted by example weights.
 *
 * <p>Every metric is such a mean too, so that sums of parts merge exactly.
 */
public sealed interface Loss extends Serializable {
  /** Names of the metrics measured beside the loss. */
  List<String> metrics();

  /**
   * The shapes of outputs it can compare with labels of a shape, the usual one first; of one
   * example.
   */
  List<List<Integer>> outputShapes(List<Integer> label);

  /** Number of classes; 0 for a measured label. */
  int classes();

  /**
   * Cross entropy of softmax over logits {@code [.., classes]} against integer labels {@code [..]}
   * in {@code [0, classes)}.
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

    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return List.of(Shapes.append(label, classes));
    }
  }

  /**
   * Cross entropy of the sigmoid of logits {@code [.., 1]}, or of a label's own shape unless that
   * is a scalar, against integer labels {@code [..]}, 0 or 1.
   */
  record Sigmoid() implements Loss {
    @Override
    public List<String> metrics() {
      return List.of("accuracy");
    }

    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return label.isEmpty()
          ? List.of(List.of(1))
          : List.of(Shapes.append(label, 1), List.copyOf(label));
    }

    @Override
    public int classes() {
      return 2;
    }
  }

  /** Squared difference of float32 labels and outputs of their shape, {@code [1]} for a scalar. */
  record SquaredError() implements Loss {
    @Override
    public List<String> metrics() {
      return List.of("mae", "mse");
    }

    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return List.of(label.isEmpty() ? List.of(1) : List.copyOf(label));
    }

    @Override
    public int classes() {
      return 0;
    }
  }

  /**
   * Names of the metrics measured beside the loss of a model: those of its one loss; of several,
   * for each {@code label/loss} and its own as {@code label/metric}.
   *
   * @param losses by label, in order
   */
  static List<String> metrics(Map<String, Loss> losses) {
    if (losses.size() == 1) {
      return losses.values().iterator().next().metrics();
    }
    List<String> names = new ArrayList<>();
    losses.forEach(
        (label, loss) -> {
          names.add(label + "/loss");
          loss.metrics().forEach(metric -> names.add(label + "/" + metric));
        });
    return List.copyOf(names);
  }

  /** Whether a larger value of the metric (or {@code loss}) is the better one. */
  static boolean higherIsBetter(String metric) {
    return metric.equals("accuracy") || metric.endsWith("/accuracy");
  }
}
