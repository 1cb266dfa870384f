package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What a loss says of each example of a batch.
 *
 * @param losses {@code [n]}
 * @param metrics {@code [n]} each, in the order of {@link Loss#metrics()}
 */
record LossGraph(Operand<TFloat32> losses, List<Operand<TFloat32>> metrics) {

  static LossGraph emit(Ops tf, Loss loss, Operand<TFloat32> outputs, Operation label) {
    if (loss instanceof Loss.Softmax softmax) {
      return softmax(tf, softmax.classes(), outputs, label.output(0));
    }
    // A sum, because mixed precision keeps what follows it in float32.
    Operand<TFloat32> values = tf.sum(outputs, tf.constant(1));
    return loss instanceof Loss.Sigmoid
        ? sigmoid(tf, values, label.output(0))
        : squaredError(tf, values, label.output(0));
  }

  // Sparse cross entropy would need no one-hot labels, but has no gradient outside Python.
  private static LossGraph softmax(
      Ops tf, int classes, Operand<TFloat32> logits, Operand<TInt32> labels) {
    Operand<TFloat32> oneHot =
        tf.oneHot(labels, tf.constant(classes), tf.constant(1f), tf.constant(0f));
    Operand<TInt32> predicted = tf.math.argMax(logits, tf.constant(1), TInt32.class);
    return new LossGraph(
        tf.nn.softmaxCrossEntropyWithLogits(logits, oneHot).loss(),
        List.of(share(tf, tf.math.equal(predicted, labels))));
  }

  // softplus(∓x) is max(x, 0) − x·z + log1p(exp(−|x|)) with a gradient at 0 too.
  private static LossGraph sigmoid(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels) {
    Operand<TFloat32> targets = tf.dtypes.cast(labels, TFloat32.class);
    Operand<TFloat32> sign = tf.math.sub(tf.constant(1f), tf.math.mul(tf.constant(2f), targets));
    Operand<TBool> predicted = tf.math.greater(logits, tf.constant(0f));
    return new LossGraph(
        tf.math.softplus(tf.math.mul(sign, logits)),
        List.of(share(tf, tf.math.equal(tf.dtypes.cast(predicted, TInt32.class), labels))));
  }

  private static LossGraph squaredError(
      Ops tf, Operand<TFloat32> outputs, Operand<TFloat32> labels) {
    Operand<TFloat32> error = tf.math.sub(outputs, labels);
    Operand<TFloat32> squares = tf.math.square(error);
    return new LossGraph(squares, List.of(tf.math.abs(error), squares));
  }

  private static Operand<TFloat32> share(Ops tf, Operand<TBool> right) {
    return tf.dtypes.cast(right, TFloat32.class);
  }
}
