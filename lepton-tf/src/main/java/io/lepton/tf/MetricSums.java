package io.lepton.tf;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Sums over examples that loss and metrics follow from; sums of parts add up exactly as far as
 * doubles do, so add them in a fixed order where bits matter. One thread.
 */
public final class MetricSums implements Serializable {
  private static final int LOSS = 0;
  private static final int WEIGHT = 1;
  private static final int METRICS = 2;

  private final List<Metric> metrics;
  private double[] sums = new double[METRICS];
  private long examples;

  /** All zero, of these metrics. */
  public MetricSums(List<Metric> metrics) {
    this.metrics = List.copyOf(metrics);
  }

  /** Sums as {@link #sums()} gave them. */
  public MetricSums(List<Metric> metrics, List<Double> sums, long examples) {
    this(metrics);
    grow(sums.size());
    for (int i = 0; i < sums.size(); i++) {
      this.sums[i] = sums.get(i);
    }
    this.examples = examples;
  }

  /**
   * Adds a summary vector as a program gives it: loss sum, weight sum, metric sums. That of a
   * training step is the shorter one.
   */
  public void add(FloatBuffer summary, int batch) {
    grow(summary.limit());
    for (int i = 0; i < summary.limit(); i++) {
      sums[i] += summary.get(i);
    }
    examples += batch;
  }

  /** Adds another part. */
  public void add(MetricSums other) {
    grow(other.sums.length);
    for (int i = 0; i < other.sums.length; i++) {
      sums[i] += other.sums[i];
    }
    examples += other.examples;
  }

  /** Number of examples, unweighted. */
  public long examples() {
    return examples;
  }

  /** All sums, to go on with later. */
  public List<Double> sums() {
    return Arrays.stream(sums).boxed().toList();
  }

  /** Sum of example weights. */
  public double weight() {
    return sums[WEIGHT];
  }

  /** Mean loss; NaN without examples. */
  public double loss() {
    return sums[LOSS] / sums[WEIGHT];
  }

  /** Names of the metrics, without the loss. */
  public List<String> metrics() {
    return metrics.stream().map(Metric::name).toList();
  }

  /**
   * The value of a metric, or of the {@code loss}; NaN of one that was not measured, as those that
   * follow from more than means are not while training.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public double value(String metric) {
    if (metric.equals("loss")) {
      return loss();
    }
    return metrics.stream()
        .filter(it -> it.name().equals(metric))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a metric must be one of loss, %s, but was: %s"
                        .formatted(String.join(", ", metrics()), metric)))
        .value(weight(), Arrays.copyOfRange(sums, METRICS, sums.length));
  }

  private void grow(int size) {
    if (sums.length < size) {
      sums = Arrays.copyOf(sums, size);
    }
  }
}
