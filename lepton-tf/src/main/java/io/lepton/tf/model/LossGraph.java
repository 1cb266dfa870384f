package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * What a loss says of each example of a batch. In float64, which mixed precision leaves alone: in
 * bfloat16 even the count of a batch would be rounded.
 *
 * @param losses {@code [n]}
 * @param metrics {@code [n]} each, in the order of {@link Loss#means()}
 * @param measures in the order of {@link Measure#of}
 */
record LossGraph(
    Operand<TFloat64> losses, List<Operand<TFloat64>> metrics, List<MeasureGraph> measures) {

  /**
   * Emits the loss of a target.
   *
   * @param shape of the outputs of one example
   */
  static LossGraph emit(
      Ops tf,
      Target target,
      Operand<TFloat32> outputs,
      List<Integer> shape,
      Operand<? extends TType> labels) {
    if (target.loss() instanceof ClassLoss loss) {
      int elements = (int) Shapes.elements(target.label().shape());
      boolean oneLogit = Shapes.elements(shape) == elements;
      return new ClassLossGraph(tf, loss, outputs, integers(tf, labels), elements, oneLogit).emit();
    }
    if (target.loss() instanceof MeasuredLoss loss) {
      Operand<TFloat64> measured = flat(tf, toDouble(tf, labels));
      return MeasuredLossGraph.emit(
          tf, loss, flat(tf, toDouble(tf, outputs)), measured, (int) Shapes.elements(shape));
    }
    return new RankingLossGraph(tf, outputs, shape, labels).emit((RankingLoss) target.loss());
  }

  /** What can be measured in each step. */
  LossGraph withoutMeasures() {
    return new LossGraph(losses, metrics, List.of());
  }

  /** The mean over the elements of each example: {@code [n]} of {@code [n·elements]}. */
  static Operand<TFloat64> mean(Ops tf, Operand<TFloat64> values, int elements) {
    if (elements == 1) {
      return values;
    }
    Operand<TFloat64> examples = tf.reshape(values, tf.constant(new int[] {-1, elements}));
    return tf.math.mean(examples, tf.constant(1));
  }

  /** {@code log Σ exp} over the last of two dimensions. */
  static Operand<TFloat64> logSumExp(Ops tf, Operand<TFloat64> values) {
    Operand<TFloat64> highest = tf.stopGradient(tf.max(values, tf.constant(1), Max.keepDims(true)));
    Operand<TFloat64> sums = tf.sum(tf.math.exp(tf.math.sub(values, highest)), tf.constant(1));
    return tf.math.add(tf.math.log(sums), flat(tf, highest));
  }

  static Operand<TInt64> integers(Ops tf, Operand<? extends TType> labels) {
    return flat(tf, InputGraph.cast(tf, labels, TInt64.class));
  }

  static Operand<TFloat64> toDouble(Ops tf, Operand<? extends TType> values) {
    return tf.dtypes.cast(values, TFloat64.class);
  }

  private static <T extends TType> Operand<T> flat(Ops tf, Operand<T> values) {
    return tf.reshape(values, tf.constant(new int[] {-1}));
  }
}
