package io.lepton.tf;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Sums over examples from which loss and metrics are weighted means; sums of parts add up exactly
 * as far as doubles do, so add them in a fixed order where bits matter. One thread.
 */
public final class MetricSums implements Serializable {
  private static final int LOSS = 0;
  private static final int WEIGHT = 1;
  private static final int METRICS = 2;

  private final List<String> metrics;
  private final double[] sums;
  private long examples;

  /** All zero, for metrics in this order. */
  public MetricSums(List<String> metrics) {
    this.metrics = List.copyOf(metrics);
    this.sums = new double[METRICS + metrics.size()];
  }

  /** Adds a summary vector as a program gives it: loss sum, weight sum, metric sums. */
  void add(FloatBuffer summary, int batch) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += summary.get(i);
    }
    examples += batch;
  }

  /** Adds another part. */
  public void add(MetricSums other) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.sums[i];
    }
    examples += other.examples;
  }

  /** Number of examples, unweighted. */
  public long examples() {
    return examples;
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
    return metrics;
  }

  /**
   * The mean of a metric, or of the {@code loss}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public double mean(String metric) {
    if (metric.equals("loss")) {
      return loss();
    }
    int index = metrics.indexOf(metric);
    if (index < 0) {
      throw new IllegalArgumentException(
          "a metric must be one of loss, %s, but was: %s"
              .formatted(String.join(", ", metrics), metric));
    }
    return sums[METRICS + index] / sums[WEIGHT];
  }
}
