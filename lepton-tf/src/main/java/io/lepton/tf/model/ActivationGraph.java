package io.lepton.tf.model;

import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.LeakyRelu;
import org.tensorflow.types.TFloat32;

/** Emits activations. */
final class ActivationGraph {
  private static final float LEAK = 0.2f;
  private static final float CUBIC = 0.044715f;

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
      case LEAKY_RELU -> leakyRelu(tf, x, LEAK);
      case ELU -> tf.nn.elu(x);
      case SELU -> tf.nn.selu(x);
      case GELU -> gelu(tf, x);
      case GELU_TANH -> geluByTanh(tf, x);
      case SIGMOID -> tf.math.sigmoid(x);
      case HARD_SIGMOID -> hardSigmoid(tf, x);
      case SOFTPLUS -> tf.math.softplus(x);
      case SOFTSIGN -> tf.nn.softsign(x);
      case SOFTMAX -> byRow(tf, x, shape, rows -> tf.nn.softmax(rows));
      case LOG_SOFTMAX -> byRow(tf, x, shape, rows -> tf.nn.logSoftmax(rows));
      case SWISH, SILU -> tf.math.mul(x, tf.math.sigmoid(x));
      case HARD_SWISH, HARD_SILU -> tf.math.mul(x, hardSigmoid(tf, x));
      case MISH -> tf.math.mul(x, tf.math.tanh(tf.math.softplus(x)));
      case EXPONENTIAL -> tf.math.exp(x);
      case TANH -> tf.math.tanh(x);
    };
  }

  static Operand<TFloat32> leakyRelu(Ops tf, Operand<TFloat32> x, float slope) {
    return tf.nn.leakyRelu(x, LeakyRelu.alpha(slope));
  }

  private static Operand<TFloat32> gelu(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant((float) StrictMath.sqrt(0.5))));
    return tf.math.mul(tf.math.mul(tf.constant(0.5f), x), tf.math.add(tf.constant(1f), erf));
  }

  private static Operand<TFloat32> geluByTanh(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> cube = tf.math.mul(tf.math.square(x), x);
    Operand<TFloat32> bent = tf.math.add(x, tf.math.mul(cube, tf.constant(CUBIC)));
    Operand<TFloat32> scale = tf.constant((float) StrictMath.sqrt(2 / Math.PI));
    Operand<TFloat32> tanh = tf.math.tanh(tf.math.mul(bent, scale));
    return tf.math.mul(tf.math.mul(tf.constant(0.5f), x), tf.math.add(tf.constant(1f), tanh));
  }

  private static Operand<TFloat32> hardSigmoid(Ops tf, Operand<TFloat32> x) {
    return tf.math.div(tf.nn.relu6(tf.math.add(x, tf.constant(3f))), tf.constant(6f));
  }

  // TensorFlow's gradients of these are right for matrices only.
  private static Operand<TFloat32> byRow(
      Ops tf, Operand<TFloat32> x, List<Integer> shape, UnaryOperator<Operand<TFloat32>> function) {
    if (shape.size() == 1) {
      return function.apply(x);
    }
    Operand<TFloat32> rows =
        tf.reshape(x, tf.constant(new int[] {-1, shape.get(shape.size() - 1)}));
    return tf.reshape(function.apply(rows), LayerGraph.batchOf(tf, shape));
  }
}
