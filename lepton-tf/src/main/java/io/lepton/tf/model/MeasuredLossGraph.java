package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** Emits losses of numbers. */
final class MeasuredLossGraph {
  private MeasuredLossGraph() {}

  /**
   * Emits a loss.
   *
   * @param outputs of all elements of a batch, flat
   * @param labels flat
   * @param elements of one example
   */
  static LossGraph emit(
      Ops tf,
      MeasuredLoss loss,
      Operand<TFloat64> outputs,
      Operand<TFloat64> labels,
      int elements) {
    boolean rates = loss instanceof MeasuredLoss.Poisson;
    Operand<TFloat64> predicted = rates ? tf.math.exp(outputs) : outputs;
    Operand<TFloat64> errors = tf.math.sub(predicted, labels);
    Operand<TFloat64> distances = tf.math.abs(errors);
    Operand<TFloat64> squares = tf.math.square(errors);
    Operand<TFloat64> losses;
    if (rates) {
      losses = tf.math.sub(predicted, tf.math.mul(labels, outputs));
    } else if (loss instanceof MeasuredLoss.Huber huber) {
      losses = huber(tf, huber.delta(), distances);
    } else if (loss instanceof MeasuredLoss.LogCosh) {
      losses = logCosh(tf, errors);
    } else if (loss instanceof MeasuredLoss.AbsoluteError) {
      losses = distances;
    } else {
      losses = squares;
    }
    return new LossGraph(
        LossGraph.mean(tf, losses, elements),
        List.of(LossGraph.mean(tf, distances, elements), LossGraph.mean(tf, squares, elements)),
        List.of(
            MeasureGraph.ofElements(elements, MeasureGraph.squares(errors)),
            MeasureGraph.ofElements(elements, MeasureGraph.deviations(errors, labels))));
  }

  private static Operand<TFloat64> huber(Ops tf, double delta, Operand<TFloat64> distances) {
    Operand<TFloat64> near = tf.math.minimum(distances, tf.constant(delta));
    return tf.math.add(
        tf.math.mul(tf.constant(0.5), tf.math.square(near)),
        tf.math.mul(tf.constant(delta), tf.math.sub(distances, near)));
  }

  // log((exp e + exp −e) / 2) without an exponential that could overflow.
  private static Operand<TFloat64> logCosh(Ops tf, Operand<TFloat64> errors) {
    Operand<TFloat64> rest = tf.math.softplus(tf.math.mul(tf.constant(-2.0), errors));
    return tf.math.sub(tf.math.add(errors, rest), tf.constant(Math.log(2)));
  }
}
