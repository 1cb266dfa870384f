package io.lepton.spark;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an epoch went.
 *
 * @param epoch from 1
 * @param trainingLoss mean over its batches
 * @param loss on the validation set, after it
 * @param metrics on the validation set, after it, in the order of the model's
 * @param examples trained on
 * @param seconds of its rounds and its evaluation
 * @param bytesCopied of examples on the host, in its rounds and its evaluation
 * @param best whether it is the best one so far
 */
public record EpochReport(
    int epoch,
    double trainingLoss,
    double loss,
    Map<String, Double> metrics,
    long examples,
    double seconds,
    long bytesCopied,
    boolean best) {
  public EpochReport {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** A metric, or the loss. */
  double value(String metric) {
    return metric.equals("loss") ? loss : metrics.get(metric);
  }
}
