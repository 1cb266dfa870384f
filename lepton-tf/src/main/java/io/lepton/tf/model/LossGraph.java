package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * What a loss says of each example of a batch: the mean over its elements. In float64, which mixed
 * precision leaves alone: in bfloat16 even the count of a batch would be rounded.
 *
 * @param losses {@code [n]}
 * @param metrics {@code [n]} each, in the order of {@link Loss#metrics()}
 */
record LossGraph(Operand<TFloat64> losses, List<Operand<TFloat64>> metrics) {

  /**
   * Emits a loss.
   *
   * @param shape of the outputs of one example
   */
  static LossGraph emit(
      Ops tf,
      Loss loss,
      Operand<TFloat32> outputs,
      List<Integer> shape,
      Operand<? extends TType> labels) {
    int elements = (int) Shapes.elements(shape);
    if (loss instanceof Loss.Softmax softmax) {
      int classes = softmax.classes();
      return softmax(tf, classes, outputs, integers(tf, labels)).means(tf, elements / classes);
    }
    Operand<TFloat64> values = flat(tf, toDouble(tf, outputs));
    LossGraph each =
        loss instanceof Loss.Sigmoid
            ? sigmoid(tf, values, integers(tf, labels))
            : squaredError(tf, values, flat(tf, toDouble(tf, labels)));
    return each.means(tf, elements);
  }

  // Sparse cross entropy would need no one-hot labels, but has no gradient outside Python.
  private static LossGraph softmax(
      Ops tf, int classes, Operand<TFloat32> outputs, Operand<TInt64> labels) {
    Operand<TFloat32> logits = tf.reshape(outputs, tf.constant(new int[] {-1, classes}));
    Operand<TFloat32> oneHot =
        tf.oneHot(labels, tf.constant(classes), tf.constant(1f), tf.constant(0f));
    Operand<TFloat32> losses = tf.nn.softmaxCrossEntropyWithLogits(logits, oneHot).loss();
    Operand<TInt64> predicted = tf.math.argMax(logits, tf.constant(1));
    return new LossGraph(
        toDouble(tf, losses), List.of(toDouble(tf, tf.math.equal(predicted, labels))));
  }

  // softplus(∓x) is max(x, 0) − x·z + log1p(exp(−|x|)) with a gradient at 0 too.
  private static LossGraph sigmoid(Ops tf, Operand<TFloat64> logits, Operand<TInt64> labels) {
    Operand<TFloat64> sign =
        tf.math.sub(tf.constant(1.0), tf.math.mul(tf.constant(2.0), toDouble(tf, labels)));
    Operand<TBool> predicted = tf.math.greater(logits, tf.constant(0.0));
    Operand<TBool> right = tf.math.equal(tf.dtypes.cast(predicted, TInt64.class), labels);
    return new LossGraph(tf.math.softplus(tf.math.mul(sign, logits)), List.of(toDouble(tf, right)));
  }

  private static LossGraph squaredError(
      Ops tf, Operand<TFloat64> outputs, Operand<TFloat64> labels) {
    Operand<TFloat64> error = tf.math.sub(outputs, labels);
    Operand<TFloat64> squares = tf.math.square(error);
    return new LossGraph(squares, List.of(tf.math.abs(error), squares));
  }

  private LossGraph means(Ops tf, int elements) {
    return elements == 1
        ? this
        : new LossGraph(
            mean(tf, losses, elements),
            metrics.stream().map(metric -> mean(tf, metric, elements)).toList());
  }

  private static Operand<TFloat64> mean(Ops tf, Operand<TFloat64> values, int elements) {
    Operand<TFloat64> examples = tf.reshape(values, tf.constant(new int[] {-1, elements}));
    return tf.math.mean(examples, tf.constant(1));
  }

  private static Operand<TInt64> integers(Ops tf, Operand<? extends TType> labels) {
    return flat(tf, InputGraph.cast(tf, labels, TInt64.class));
  }

  private static <T extends TType> Operand<T> flat(Ops tf, Operand<T> values) {
    return tf.reshape(values, tf.constant(new int[] {-1}));
  }

  private static Operand<TFloat64> toDouble(Ops tf, Operand<? extends TType> values) {
    return tf.dtypes.cast(values, TFloat64.class);
  }
}
