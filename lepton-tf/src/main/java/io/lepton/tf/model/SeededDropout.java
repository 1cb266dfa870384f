package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * A mask that is a function of (seed, layer) alone.
 *
 * @param seed {@code [2]}
 * @param batch number of examples
 */
record SeededDropout(Operand<TInt64> seed, Operand<TInt32> batch) implements DropoutRule {
  @Override
  public Operand<TFloat32> emit(
      Ops tf, int layer, double rate, Operand<TFloat32> input, List<Integer> shape) {
    if (rate == 0) {
      return input;
    }
    Operand<TInt64> salt = tf.constant(new long[] {Draws.mix(layer + 1), 0});
    Operand<TFloat32> uniform =
        tf.random.statelessRandomUniform(maskShape(tf, shape), tf.bitwise.bitwiseXor(seed, salt));
    Operand<TBool> kept = tf.math.greaterEqual(uniform, tf.constant((float) rate));
    Operand<TFloat32> scale = tf.constant((float) (1 / (1 - rate)));
    return tf.math.mul(input, tf.math.mul(tf.dtypes.cast(kept, TFloat32.class), scale));
  }

  private Operand<TInt32> maskShape(Ops tf, List<Integer> shape) {
    List<Operand<TInt32>> dimensions = new ArrayList<>();
    dimensions.add(batch);
    for (int dimension : shape) {
      dimensions.add(tf.constant(dimension));
    }
    return tf.stack(dimensions);
  }
}
