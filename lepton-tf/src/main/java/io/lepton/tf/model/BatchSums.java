package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Sums over a batch.
 *
 * @param loss sum of weighted losses
 * @param weight sum of weights
 * @param metrics weighted sum of each metric
 */
record BatchSums(
    Operand<TFloat32> loss, Operand<TFloat32> weight, List<Operand<TFloat32>> metrics) {

  /** Sums over examples of weight 1. */
  static BatchSums of(Ops tf, LossGraph examples, Operand<TFloat32> count) {
    return new BatchSums(
        sum(tf, examples.losses()),
        count,
        examples.metrics().stream().map(metric -> sum(tf, metric)).toList());
  }

  /** Sums over examples of weights {@code [n]}. */
  static BatchSums weighted(Ops tf, LossGraph examples, Operand<TFloat32> weights) {
    return new BatchSums(
        sum(tf, tf.math.mul(weights, examples.losses())),
        sum(tf, weights),
        examples.metrics().stream().map(m -> sum(tf, tf.math.mul(weights, m))).toList());
  }

  /** The weighted mean of the loss; 0 when no example weighs anything. */
  Operand<TFloat32> meanLoss(Ops tf) {
    return tf.math.divNoNan(loss, weight);
  }

  /** The summary as a program documents it. */
  Operand<TFloat32> vector(Ops tf) {
    List<Operand<TFloat32>> parts = new ArrayList<>(List.of(loss, weight));
    parts.addAll(metrics);
    return tf.stack(parts);
  }

  private static Operand<TFloat32> sum(Ops tf, Operand<TFloat32> values) {
    return tf.sum(values, tf.constant(0));
  }
}
