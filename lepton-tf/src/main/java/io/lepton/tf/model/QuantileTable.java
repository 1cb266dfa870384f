package io.lepton.tf.model;

import java.util.function.DoubleUnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Numbers of a distribution from uniform ones, by a table of its quantiles and straight lines. */
final class QuantileTable {
  static final int INTERVALS = 1024;

  private final float[] quantiles = new float[INTERVALS];
  private final float[] rises = new float[INTERVALS];

  private QuantileTable(double[] values) {
    for (int i = 0; i < INTERVALS; i++) {
      quantiles[i] = (float) values[i];
      rises[i] = (float) values[i + 1] - quantiles[i];
    }
  }

  /** The distribution of an increasing function of {@code Beta(alpha, alpha)}. */
  static QuantileTable beta(double alpha, DoubleUnaryOperator function) {
    double[] values = BetaQuantiles.of(alpha, INTERVALS);
    for (int i = 0; i < values.length; i++) {
      values[i] = function.applyAsDouble(values[i]);
    }
    return new QuantileTable(values);
  }

  /** One number for each uniform one in {@code [0, 1)}. */
  Operand<TFloat32> emit(Ops tf, Operand<TFloat32> uniforms) {
    Operand<TFloat32> place = tf.math.mul(uniforms, tf.constant((float) INTERVALS));
    Operand<TFloat32> interval = tf.math.floor(place);
    Operand<TInt32> index = tf.dtypes.cast(interval, TInt32.class);
    Operand<TInt32> axis = tf.constant(0);
    Operand<TFloat32> start = tf.gather(tf.constant(quantiles), index, axis);
    Operand<TFloat32> rise = tf.gather(tf.constant(rises), index, axis);
    return tf.math.add(start, tf.math.mul(tf.math.sub(place, interval), rise));
  }
}
