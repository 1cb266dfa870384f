package io.lepton.tf.model;

import io.lepton.tf.Metric;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What training lowers. An example has a loss, of labels with a shape the mean over its elements
 * unless it says otherwise; a batch's is the mean of its examples' weighted by example weights.
 *
 * <p>Every metric follows from sums over examples, so that parts merge exactly.
 */
public sealed interface Loss extends Serializable permits ClassLoss, MeasuredLoss, RankingLoss {
  /** A dimension of any size. */
  int ANY = -1;

  /** Metrics that are means over examples, cheap enough to measure in each step. */
  List<String> means();

  /**
   * The shapes of outputs it can compare with labels of a shape, the usual one first; of one
   * example. A dimension may be {@link #ANY}.
   */
  List<List<Integer>> outputShapes(List<Integer> label);

  /** Number of classes; 0 unless labels are classes. */
  int classes();

  /** What it is called in messages. */
  String title();

  /** Whether it can compare outputs of a shape with labels of a shape, of one example. */
  default boolean takes(List<Integer> output, List<Integer> label) {
    return outputShapes(label).stream().anyMatch(wanted -> fits(wanted, output));
  }

  /** The shapes of outputs it takes, in words. */
  default String outputWords(List<Integer> label) {
    return outputShapes(label).stream()
        .map(shape -> shape.toString().replace(String.valueOf(ANY), "any"))
        .collect(Collectors.joining(" or "));
  }

  private static boolean fits(List<Integer> wanted, List<Integer> output) {
    if (wanted.size() != output.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.get(i) != ANY && !wanted.get(i).equals(output.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Cross entropy of softmax, see {@link ClassLoss}; each label gives {@code smoothing} away. */
  record Softmax(int classes, double smoothing) implements ClassLoss {
    public Softmax {
      ClassLoss.requireClasses(classes);
      ClassLoss.requireFraction("smoothing", smoothing);
    }

    /** Without smoothing. */
    public Softmax(int classes) {
      this(classes, 0);
    }

    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return List.of(Shapes.append(label, classes));
    }

    @Override
    public String title() {
      return "softmax over %d classes".formatted(classes);
    }
  }

  /**
   * Cross entropy of the sigmoid of one logit, see {@link ClassLoss}.
   *
   * @param smoothing what the label gives away, half of it to the other class
   * @param positiveWeight factor of the loss of positives
   */
  record Sigmoid(double smoothing, double positiveWeight) implements ClassLoss {
    public Sigmoid {
      ClassLoss.requireFraction("smoothing", smoothing);
      ClassLoss.requirePositive("positive-weight", positiveWeight);
    }

    /** Without smoothing, both classes alike. */
    public Sigmoid() {
      this(0, 1);
    }

    @Override
    public List<List<Integer>> outputShapes(List<Integer> label) {
      return ClassLoss.oneLogit(label);
    }

    @Override
    public int classes() {
      return 2;
    }

    @Override
    public String title() {
      return "sigmoid";
    }
  }

  /** Squared difference of labels and outputs, see {@link MeasuredLoss}. */
  record SquaredError() implements MeasuredLoss {
    @Override
    public String title() {
      return "squared error";
    }
  }

  /**
   * Names of the metrics measured beside the loss of a model: those of its one loss; of several,
   * for each {@code label/loss} and its own as {@code label/metric}. Those that only evaluation
   * measures come after all others.
   *
   * @param losses by label, in order
   */
  static List<String> metrics(Map<String, Loss> losses) {
    return MetricLayout.of(losses).stream().map(Metric::name).toList();
  }

  /** Whether a larger value of the metric (or {@code loss}) is the better one. */
  static boolean higherIsBetter(String metric) {
    return !Set.of("loss", "mae", "mse", "rmse").contains(metric.replaceFirst(".*/", ""));
  }
}
