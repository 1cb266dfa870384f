package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * Rows that are computed with and thrown away. A processor takes logarithms, sines and cosines of
 * whole vectors of floats, and of the few that are left over at the end by another routine that
 * rounds otherwise. With at least a vector of rows appended, no example is ever among the left-over
 * ones, so an example's numbers do not depend on where in a batch it is.
 */
final class VectorTail {
  private static final int WIDEST_VECTOR = 16;

  private VectorTail() {}

  /** Noise of a batch and some rows more. */
  static CounterNoise append(Ops tf, CounterNoise noise) {
    Operand<TInt64> tail = tf.constant(new long[WIDEST_VECTOR][1]);
    return new CounterNoise(tf.concat(List.of(noise.examples(), tail), tf.constant(0)));
  }

  /** Numbers of a batch, {@code [n]}, and some more. */
  static Operand<TFloat32> append(Ops tf, Operand<TFloat32> values) {
    Operand<TFloat32> tail = tf.constant(new float[WIDEST_VECTOR]);
    return tf.concat(List.of(values, tail), tf.constant(0));
  }

  /** The rows of the batch without the appended ones. */
  static <T extends TType> Operand<T> cut(Ops tf, Operand<T> values) {
    return tf.stridedSlice(values, Indices.sliceTo(-WIDEST_VECTOR));
  }
}
