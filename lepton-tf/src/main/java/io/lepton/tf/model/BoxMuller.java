package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Normal numbers of mean 0 and variance 1 from pairs of uniform ones: Box and Muller, "A Note on
 * the Generation of Random Normal Deviates", 1958. The {@code i}-th of {@code p} pairs are the
 * uniforms and the normals, cosine first, number {@code i} and {@code p + i}.
 */
final class BoxMuller {
  private BoxMuller() {}

  /**
   * Emits them.
   *
   * @param counters an even number of them
   * @return {@code [n, counters]}
   */
  static Operand<TFloat32> normals(Ops tf, CounterNoise noise, long... counters) {
    int pairs = counters.length / 2;
    Operand<TFloat32> uniforms = VectorTail.append(tf, noise).uniforms(tf, counters);
    Operand<TFloat32> first = tf.stridedSlice(uniforms, Indices.all(), Indices.sliceTo(pairs));
    Operand<TFloat32> second = tf.stridedSlice(uniforms, Indices.all(), Indices.sliceFrom(pairs));
    Operand<TFloat32> logarithm = tf.math.log(tf.math.sub(tf.constant(1f), first));
    Operand<TFloat32> radius = tf.math.sqrt(tf.math.mul(tf.constant(-2f), logarithm));
    Operand<TFloat32> angle = tf.math.mul(tf.constant((float) (2 * Math.PI)), second);
    Operand<TFloat32> normals =
        tf.concat(
            List.of(
                tf.math.mul(radius, tf.math.cos(angle)), tf.math.mul(radius, tf.math.sin(angle))),
            tf.constant(1));
    return VectorTail.cut(tf, normals);
  }
}
