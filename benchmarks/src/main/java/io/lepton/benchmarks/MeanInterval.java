package io.lepton.benchmarks;

import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * A mean of independent values and how far it may be off.
 *
 * @param half of the interval that holds the true mean with a probability of 95 % if the values are
 *     normal (Student's t); infinite for one value
 */
record MeanInterval(double mean, double half) {
  static MeanInterval of(List<Double> values) {
    int count = values.size();
    double mean = values.stream().mapToDouble(value -> value).average().orElseThrow();
    if (count == 1) {
      return new MeanInterval(mean, Double.POSITIVE_INFINITY);
    }
    double squares = values.stream().mapToDouble(value -> Math.pow(value - mean, 2)).sum();
    double quantile = new TDistribution(count - 1).inverseCumulativeProbability(0.975);
    return new MeanInterval(mean, quantile * Math.sqrt(squares / (count - 1) / count));
  }
}
