package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Sums over a batch.
 *
 * @param loss sum of weighted losses
 * @param weight sum of weights
 * @param metrics weighted sum of each metric that is a mean
 * @param measures vectors of the sums that other metrics follow from
 */
record BatchSums(
    Operand<TFloat64> loss,
    Operand<TFloat64> weight,
    List<Operand<TFloat64>> metrics,
    List<Operand<TFloat64>> measures) {

  /** Sums over examples of weight 1. */
  static BatchSums of(Ops tf, LossGraph examples, Operand<TFloat64> count) {
    return new BatchSums(
        sum(tf, examples.losses()),
        count,
        examples.metrics().stream().map(metric -> sum(tf, metric)).toList(),
        measures(tf, examples, tf.onesLike(examples.losses())));
  }

  /** Sums over examples of weights {@code [n]}. */
  static BatchSums weighted(Ops tf, LossGraph examples, Operand<TFloat64> weights) {
    return new BatchSums(
        sum(tf, tf.math.mul(weights, examples.losses())),
        sum(tf, weights),
        examples.metrics().stream().map(m -> sum(tf, tf.math.mul(weights, m))).toList(),
        measures(tf, examples, weights));
  }

  /** The weighted mean of the loss; 0 when no example weighs anything. */
  Operand<TFloat64> meanLoss(Ops tf) {
    return tf.math.divNoNan(loss, weight);
  }

  /** The summary as a program documents it. */
  Operand<TFloat32> vector(Ops tf) {
    List<Operand<TFloat64>> parts = new ArrayList<>(List.of(loss, weight));
    parts.addAll(metrics);
    Operand<TFloat64> vector = tf.stack(parts);
    if (!measures.isEmpty()) {
      List<Operand<TFloat64>> vectors = new ArrayList<>(List.of(vector));
      vectors.addAll(measures);
      vector = tf.concat(vectors, tf.constant(0));
    }
    return tf.dtypes.cast(vector, TFloat32.class);
  }

  private static List<Operand<TFloat64>> measures(
      Ops tf, LossGraph examples, Operand<TFloat64> weights) {
    return examples.measures().stream().map(measure -> measure.sums(tf, weights)).toList();
  }

  private static Operand<TFloat64> sum(Ops tf, Operand<TFloat64> values) {
    return tf.sum(values, tf.constant(0));
  }
}
