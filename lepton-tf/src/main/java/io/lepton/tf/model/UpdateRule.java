package io.lepton.tf.model;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How an optimizer changes one weight and the state it keeps beside it. */
interface UpdateRule {
  /**
   * What a step knows of itself.
   *
   * @param rate the learning rate
   * @param number of the update, from 1
   */
  record Step(Operand<TFloat32> rate, Operand<TFloat32> number) {}

  /** What part of a weight the rule must see. */
  enum Reach {
    /** An element changes by its own gradient alone, and not at all if that is 0. */
    GRADIENT,
    /** An element changes by its own gradient and state alone, even if the gradient is 0. */
    ELEMENT,
    /** An element changes by the whole weight. */
    WEIGHT
  }

  /** What is kept beside the weight. */
  List<Slot> slots();

  Reach reach();

  /**
   * The values after a step: the weight, then its slots. Where the reach is not {@link
   * Reach#WEIGHT}, values may be some rows of all.
   *
   * @param values of the weight, then of its slots
   */
  List<Operand<TFloat32>> next(
      Ops tf, Step step, List<Operand<TFloat32>> values, Operand<TFloat32> gradient);

  /**
   * The same in place, where TensorFlow has an operation for it.
   *
   * @param handles of the weight, then of its slots
   */
  default Optional<Operation> inPlace(
      Ops tf, Step step, List<Operand<?>> handles, Operand<TFloat32> gradient) {
    return Optional.empty();
  }

  /** The rule of an optimizer for a weight. */
  static UpdateRule of(Optimizer optimizer, Weight weight) {
    if (optimizer instanceof Optimizer.Sgd sgd) {
      return sgd.momentum() == 0
          ? new DescentRule()
          : new MomentumRule(weight, sgd.momentum(), false);
    }
    if (optimizer instanceof Optimizer.Nesterov nesterov) {
      return new MomentumRule(weight, nesterov.momentum(), true);
    }
    if (optimizer instanceof Optimizer.Adam adam) {
      return new AdamRule(weight, adam.beta1(), adam.beta2(), adam.epsilon(), 0);
    }
    if (optimizer instanceof Optimizer.AdamW adam) {
      double decay = decay(weight, adam.weightDecay(), adam.notDecayed());
      return new AdamRule(weight, adam.beta1(), adam.beta2(), adam.epsilon(), decay);
    }
    if (optimizer instanceof Optimizer.Adagrad adagrad) {
      return new AdagradRule(weight, adagrad);
    }
    if (optimizer instanceof Optimizer.RmsProp rms) {
      return new RmsPropRule(weight, rms);
    }
    if (optimizer instanceof Optimizer.Lamb lamb) {
      return new LambRule(weight, lamb, decay(weight, lamb.weightDecay(), lamb.notDecayed()));
    }
    if (optimizer instanceof Optimizer.Adafactor adafactor) {
      return new AdafactorRule(weight, adafactor);
    }
    if (optimizer instanceof Optimizer.Lion lion) {
      return new LionRule(weight, lion, decay(weight, lion.weightDecay(), lion.notDecayed()));
    }
    throw new AssertionError(optimizer);
  }

  private static double decay(Weight weight, double decay, List<String> notDecayed) {
    return NamePattern.anyMatches(notDecayed, weight.name()) ? 0 : decay;
  }
}
