package io.lepton.tf.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * What examples were mixed with: an example's loss is {@code lambda·loss(its label) + (1 −
 * lambda)·loss(the partner's label)}.
 *
 * @param partner rows of the batch, {@code [n]}
 * @param lambda what is left of the example itself, {@code [n]}
 */
record Mixing(Operand<TInt32> partner, Operand<TFloat32> lambda) {

  /** What belongs to each example's partner. */
  <T extends TType> Operand<T> partners(Ops tf, Operand<T> values) {
    return tf.gather(values, partner, tf.constant(0));
  }

  /** Losses {@code [n]} by both labels. */
  Operand<TFloat64> blend(Ops tf, Operand<TFloat64> own, Operand<TFloat64> partners) {
    Operand<TFloat64> share = tf.dtypes.cast(lambda, TFloat64.class);
    Operand<TFloat64> rest = tf.math.sub(tf.constant(1.0), share);
    return tf.math.add(tf.math.mul(share, own), tf.math.mul(rest, partners));
  }
}
