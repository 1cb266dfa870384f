package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** How an optimizer changes one weight and the state it keeps beside it. */
interface UpdateRule {
  /**
   * Emits the change.
   *
   * @param weight handle of the variable
   * @param slots handles of its state, in the order of {@link #slots}
   */
  Operation update(Operation weight, List<Operation> slots, Operand<TFloat32> gradient);

  /** Names of the variables that an optimizer keeps beside each weight. */
  static List<String> slots(Optimizer optimizer) {
    if (optimizer instanceof Optimizer.Sgd sgd) {
      return sgd.momentum() == 0 ? List.of() : List.of("v");
    }
    return List.of("m", "v");
  }

  /**
   * The rule of an optimizer.
   *
   * @param step steps taken before this one
   */
  static UpdateRule of(
      Ops tf, Optimizer optimizer, Operand<TFloat32> learningRate, Operand<TInt64> step) {
    if (optimizer instanceof Optimizer.Adam adam) {
      return adam(tf, adam, learningRate, step);
    }
    float momentum = (float) ((Optimizer.Sgd) optimizer).momentum();
    return momentum == 0 ? descent(tf, learningRate) : momentum(tf, momentum, learningRate);
  }

  private static UpdateRule descent(Ops tf, Operand<TFloat32> learningRate) {
    return (weight, slots, gradient) ->
        tf.train.resourceApplyGradientDescent(weight.output(0), learningRate, gradient).op();
  }

  private static UpdateRule momentum(Ops tf, float momentum, Operand<TFloat32> learningRate) {
    Operand<TFloat32> share = tf.constant(momentum);
    return (weight, slots, gradient) ->
        tf.train
            .resourceApplyMomentum(
                weight.output(0), slots.get(0).output(0), learningRate, gradient, share)
            .op();
  }

  private static UpdateRule adam(
      Ops tf, Optimizer.Adam adam, Operand<TFloat32> learningRate, Operand<TInt64> step) {
    Operand<TFloat32> beta1 = tf.constant((float) adam.beta1());
    Operand<TFloat32> beta2 = tf.constant((float) adam.beta2());
    Operand<TFloat32> epsilon = tf.constant((float) adam.epsilon());
    Operand<TFloat32> number = tf.dtypes.cast(tf.math.add(step, tf.constant(1L)), TFloat32.class);
    Operand<TFloat32> power1 = tf.math.pow(beta1, number);
    Operand<TFloat32> power2 = tf.math.pow(beta2, number);
    return (weight, slots, gradient) ->
        tf.train
            .resourceApplyAdam(
                weight.output(0),
                slots.get(0).output(0),
                slots.get(1).output(0),
                power1,
                power2,
                learningRate,
                beta1,
                beta2,
                epsilon,
                gradient)
            .op();
  }
}
