package io.lepton.tf.model;

import io.lepton.tf.LogitHistogram;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/** The sums of a {@link Measure} over a batch, emitted where they are asked for. */
interface MeasureGraph {
  /**
   * Emits them.
   *
   * @param weights of the examples, {@code [n]}
   * @return a vector as wide as the measure
   */
  Operand<TFloat64> sums(Ops tf, Operand<TFloat64> weights);

  /**
   * Sums over the elements of examples, which share an example's weight equally.
   *
   * @param elements of one example
   */
  static MeasureGraph ofElements(int elements, MeasureGraph each) {
    if (elements == 1) {
      return each;
    }
    return (tf, weights) -> {
      Operand<TFloat64> share =
          tf.fill(tf.constant(new int[] {1, elements}), tf.constant(1.0 / elements));
      Operand<TFloat64> shares = tf.math.mul(tf.expandDims(weights, tf.constant(1)), share);
      return each.sums(tf, tf.reshape(shares, tf.constant(new int[] {-1})));
    };
  }

  /** {@link Measure.Kind#LOGITS}: weights by class and logit. */
  static MeasureGraph logits(Operand<TFloat64> logits, Operand<TInt64> labels) {
    return (tf, weights) -> {
      double middle = LogitHistogram.BINS / 2;
      Operand<TFloat64> scaled =
          tf.math.mul(logits, tf.constant((double) LogitHistogram.BINS_PER_UNIT));
      Operand<TFloat64> bounded =
          tf.math.minimum(tf.math.maximum(scaled, tf.constant(-middle)), tf.constant(middle));
      Operand<TFloat64> places = tf.math.add(tf.math.ceil(bounded), tf.constant(middle - 1));
      Operand<TInt32> bins =
          tf.math.minimum(
              tf.math.maximum(tf.dtypes.cast(places, TInt32.class), tf.constant(0)),
              tf.constant(LogitHistogram.BINS - 1));
      Operand<TInt32> ids =
          tf.math.add(
              bins,
              tf.math.mul(tf.dtypes.cast(labels, TInt32.class), tf.constant(LogitHistogram.BINS)));
      return tf.math.unsortedSegmentSum(weights, ids, tf.constant(2 * LogitHistogram.BINS));
    };
  }

  /** {@link Measure.Kind#CLASSES}. */
  static MeasureGraph classes(int classes, Operand<TInt64> predicted, Operand<TInt64> labels) {
    return (tf, weights) -> {
      Operand<TFloat64> right = ifTrue(tf, tf.math.equal(predicted, labels), weights);
      Operand<TInt32> count = tf.constant(classes);
      return tf.concat(
          List.of(
              tf.math.unsortedSegmentSum(right, labels, count),
              tf.math.unsortedSegmentSum(weights, predicted, count),
              tf.math.unsortedSegmentSum(weights, labels, count)),
          tf.constant(0));
    };
  }

  /** {@link Measure.Kind#TOP_K}: weight of what is among the highest logits. */
  static MeasureGraph top(int k, Operand<TFloat32> logits, Operand<TInt64> labels) {
    return (tf, weights) -> {
      Operand<TBool> among = tf.nn.inTopK(logits, labels, tf.constant((long) k));
      return vector(tf, ifTrue(tf, among, weights));
    };
  }

  /** {@link Measure.Kind#SQUARES} of errors. */
  static MeasureGraph squares(Operand<TFloat64> errors) {
    return (tf, weights) -> vector(tf, tf.math.mul(weights, tf.math.square(errors)));
  }

  /** {@link Measure.Kind#DEVIATIONS} of labels from their mean, and of errors from 0. */
  static MeasureGraph deviations(Operand<TFloat64> errors, Operand<TFloat64> labels) {
    return (tf, weights) -> {
      Operand<TFloat64> weighted = tf.math.mul(weights, labels);
      return tf.concat(
          List.of(
              squares(errors).sums(tf, weights),
              pair(tf, vector(tf, weighted)),
              pair(tf, vector(tf, tf.math.mul(weighted, labels)))),
          tf.constant(0));
    };
  }

  // As a float32 and what that leaves over, so that the summary does not round it.
  private static Operand<TFloat64> pair(Ops tf, Operand<TFloat64> sum) {
    Operand<TFloat64> rounded = toDouble(tf, tf.dtypes.cast(sum, TFloat32.class));
    return tf.concat(List.of(rounded, tf.math.sub(sum, rounded)), tf.constant(0));
  }

  private static Operand<TFloat64> ifTrue(
      Ops tf, Operand<TBool> condition, Operand<TFloat64> weights) {
    return tf.math.mul(weights, toDouble(tf, condition));
  }

  private static Operand<TFloat64> vector(Ops tf, Operand<TFloat64> values) {
    return tf.reshape(tf.sum(values, tf.constant(0)), tf.constant(new int[] {1}));
  }

  private static Operand<TFloat64> toDouble(Ops tf, Operand<? extends TType> values) {
    return tf.dtypes.cast(values, TFloat64.class);
  }
}
