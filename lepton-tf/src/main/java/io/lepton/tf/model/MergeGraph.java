package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Emits layers that make one out of several inputs. */
final class MergeGraph {
  private static final float LEAST_SQUARE = 1e-12f;

  private MergeGraph() {}

  static Operand<TFloat32> emit(
      Ops tf, MergeLayer layer, List<Operand<TFloat32>> inputs, int rank) {
    if (layer instanceof MergeLayer.Concatenate) {
      return tf.concat(inputs, tf.constant(rank));
    }
    if (layer instanceof MergeLayer.Add) {
      return tf.math.addN(inputs);
    }
    if (layer instanceof MergeLayer.Average) {
      return tf.math.mul(tf.math.addN(inputs), tf.constant(1f / inputs.size()));
    }
    if (layer instanceof MergeLayer.Multiply) {
      return inputs.stream().reduce(tf.math::mul).orElseThrow();
    }
    if (layer instanceof MergeLayer.Maximum) {
      return inputs.stream().reduce(tf.math::maximum).orElseThrow();
    }
    if (layer instanceof MergeLayer.Subtract) {
      return tf.math.sub(inputs.get(0), inputs.get(1));
    }
    MergeLayer.Dot dot = (MergeLayer.Dot) layer;
    Operand<TFloat32> a = dot.normalize() ? unit(tf, inputs.get(0)) : inputs.get(0);
    Operand<TFloat32> b = dot.normalize() ? unit(tf, inputs.get(1)) : inputs.get(1);
    return tf.expandDims(tf.sum(tf.math.mul(a, b), tf.constant(1)), tf.constant(1));
  }

  private static Operand<TFloat32> unit(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> squares =
        tf.expandDims(tf.sum(tf.math.square(x), tf.constant(1)), tf.constant(1));
    return tf.math.mul(x, tf.math.rsqrt(tf.math.maximum(squares, tf.constant(LEAST_SQUARE))));
  }
}
