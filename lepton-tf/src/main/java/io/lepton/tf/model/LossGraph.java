package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * What a loss says of each example of a batch. In float64, which mixed precision leaves alone: in
 * bfloat16 even the count of a batch would be rounded.
 *
 * @param losses {@code [n]}
 * @param metrics {@code [n]} each, in the order of {@link Loss#metrics()}
 */
record LossGraph(Operand<TFloat64> losses, List<Operand<TFloat64>> metrics) {

  static LossGraph emit(Ops tf, Loss loss, Operand<TFloat32> outputs, Operation label) {
    if (loss instanceof Loss.Softmax softmax) {
      return softmax(tf, softmax.classes(), outputs, label.output(0));
    }
    Operand<TFloat64> values = tf.reshape(toDouble(tf, outputs), tf.constant(new int[] {-1}));
    return loss instanceof Loss.Sigmoid
        ? sigmoid(tf, values, label.output(0))
        : squaredError(tf, values, toDouble(tf, label.output(0)));
  }

  // Sparse cross entropy would need no one-hot labels, but has no gradient outside Python.
  private static LossGraph softmax(
      Ops tf, int classes, Operand<TFloat32> logits, Operand<TInt32> labels) {
    Operand<TFloat32> oneHot =
        tf.oneHot(labels, tf.constant(classes), tf.constant(1f), tf.constant(0f));
    Operand<TFloat32> losses = tf.nn.softmaxCrossEntropyWithLogits(logits, oneHot).loss();
    Operand<TInt32> predicted = tf.math.argMax(logits, tf.constant(1), TInt32.class);
    return new LossGraph(
        toDouble(tf, losses), List.of(toDouble(tf, tf.math.equal(predicted, labels))));
  }

  // softplus(∓x) is max(x, 0) − x·z + log1p(exp(−|x|)) with a gradient at 0 too.
  private static LossGraph sigmoid(Ops tf, Operand<TFloat64> logits, Operand<TInt32> labels) {
    Operand<TFloat64> sign =
        tf.math.sub(tf.constant(1.0), tf.math.mul(tf.constant(2.0), toDouble(tf, labels)));
    Operand<TBool> predicted = tf.math.greater(logits, tf.constant(0.0));
    Operand<TBool> right = tf.math.equal(tf.dtypes.cast(predicted, TInt32.class), labels);
    return new LossGraph(tf.math.softplus(tf.math.mul(sign, logits)), List.of(toDouble(tf, right)));
  }

  private static LossGraph squaredError(
      Ops tf, Operand<TFloat64> outputs, Operand<TFloat64> labels) {
    Operand<TFloat64> error = tf.math.sub(outputs, labels);
    Operand<TFloat64> squares = tf.math.square(error);
    return new LossGraph(squares, List.of(tf.math.abs(error), squares));
  }

  private static Operand<TFloat64> toDouble(Ops tf, Operand<? extends TType> values) {
    return tf.dtypes.cast(values, TFloat64.class);
  }
}
