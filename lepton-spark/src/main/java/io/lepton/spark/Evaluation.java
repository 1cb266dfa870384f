package io.lepton.spark;

import io.lepton.tf.MetricSums;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model is worth on a set of examples.
 *
 * @param rows examples, unweighted
 * @param loss weighted mean
 * @param metrics by name, in the order of the model's
 */
public record Evaluation(long rows, double loss, Map<String, Double> metrics) {

  static Evaluation of(MetricSums sums) {
    return new Evaluation(sums.examples(), sums.loss(), metrics(sums));
  }

  static Map<String, Double> metrics(MetricSums sums) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    sums.metrics().forEach(metric -> metrics.put(metric, sums.value(metric)));
    return metrics;
  }
}
