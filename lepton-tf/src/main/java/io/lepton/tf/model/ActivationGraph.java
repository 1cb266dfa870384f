package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.types.TFloat32;

/** Emits activations. */
final class ActivationGraph {
  private static final float LEAK = 0.2f;

  private ActivationGraph() {}

  /**
   * Emits one.
   *
   * @param shape of one example
   */
  static Operand<TFloat32> emit(
      Ops tf, Activation activation, Operand<TFloat32> x, List<Integer> shape) {
    return switch (activation) {
      case LINEAR -> x;
      case RELU -> tf.nn.relu(x);
      case RELU6 -> tf.nn.relu6(x);
      case LEAKY_RELU -> tf.nn.leakyRelu(x, LeakyRelu.alpha(LEAK));
      case ELU -> tf.nn.elu(x);
      case SELU -> tf.nn.selu(x);
      case GELU -> gelu(tf, x);
      case SIGMOID -> tf.math.sigmoid(x);
      case SOFTPLUS -> tf.math.softplus(x);
      case SOFTMAX -> softmax(tf, x, shape);
      case SWISH -> tf.math.mul(x, tf.math.sigmoid(x));
      case TANH -> tf.math.tanh(x);
    };
  }

  private static Operand<TFloat32> gelu(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant((float) StrictMath.sqrt(0.5))));
    return tf.math.mul(tf.math.mul(tf.constant(0.5f), x), tf.math.add(tf.constant(1f), erf));
  }

  // TensorFlow's gradient of softmax is right for matrices only.
  private static Operand<TFloat32> softmax(Ops tf, Operand<TFloat32> x, List<Integer> shape) {
    if (shape.size() == 1) {
      return tf.nn.softmax(x);
    }
    Operand<TFloat32> rows =
        tf.reshape(x, tf.constant(new int[] {-1, shape.get(shape.size() - 1)}));
    return tf.reshape(tf.nn.softmax(rows), LayerGraph.batchOf(tf, shape));
  }
}
