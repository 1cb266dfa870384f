package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;

/**
 * The rule of a local step, with Keras's conventions where Keras has it. The learning rate is a
 * port of the program, this one its base. Below {@code g} is a gradient, {@code w} a weight and
 * {@code t} the number of the update, from 1.
 */
public sealed interface Optimizer extends Serializable {
  /** Weights that decay leaves alone unless told otherwise: biases, scales and shifts of norms. */
  List<String> NOT_DECAYED = List.of("*/bias", "*/gamma", "*/beta");

  /** The rate that the driver feeds unless a schedule says otherwise. */
  double learningRate();

  /** Gradient descent: {@code v ← momentum·v + g, w ← w − rate·v}; no state when momentum is 0. */
  record Sgd(double learningRate, double momentum) implements Optimizer {
    public Sgd {
      requirePositive("learning-rate", learningRate);
      requireFraction("momentum", momentum);
    }
  }

  /**
   * Accelerated gradient descent (Nesterov 1983, as Sutskever et al., ICML 2013, write it): {@code
   * v ← momentum·v + g, w ← w − rate·(g + momentum·v)}.
   */
  record Nesterov(double learningRate, double momentum) implements Optimizer {
    public Nesterov {
      requirePositive("learning-rate", learningRate);
      requireFraction("momentum", momentum);
    }
  }

  /** Adam (arXiv 1412.6980), with Keras's place for epsilon. */
  record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements Optimizer {
    public Adam {
      requirePositive("learning-rate", learningRate);
      requireFraction("beta1", beta1);
      requireFraction("beta2", beta2);
      requirePositive("epsilon", epsilon);
    }
  }

  /**
   * Adam after decoupled decay {@code w ← w − rate·decay·w} (arXiv 1711.05101).
   *
   * @param notDecayed patterns of names, see {@link UpdateOptions}
   */
  record AdamW(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      List<String> notDecayed)
      implements Optimizer {
    public AdamW {
      requirePositive("learning-rate", learningRate);
      requireFraction("beta1", beta1);
      requireFraction("beta2", beta2);
      requirePositive("epsilon", epsilon);
      requireNotNegative("weight-decay", weightDecay);
      notDecayed = List.copyOf(notDecayed);
    }
  }

  /**
   * Adagrad (JMLR 12, 2011): {@code a ← a + g², w ← w − rate·g/√(a + epsilon)}.
   *
   * @param initialAccumulator of {@code a}
   */
  record Adagrad(double learningRate, double initialAccumulator, double epsilon)
      implements Optimizer {
    public Adagrad {
      requirePositive("learning-rate", learningRate);
      requireNotNegative("initial-accumulator", initialAccumulator);
      requirePositive("epsilon", epsilon);
    }
  }

  /**
   * RMSProp (Hinton's lecture 6e, 2012): {@code v ← rho·v + (1 − rho)·g²}, then a step of {@code
   * rate·g/√(v + epsilon)}, with momentum if that is not 0.
   *
   * @param centered whether the square of a mean gradient is subtracted from {@code v} (arXiv
   *     1308.0850)
   */
  record RmsProp(double learningRate, double rho, double momentum, double epsilon, boolean centered)
      implements Optimizer {
    public RmsProp {
      requirePositive("learning-rate", learningRate);
      requireFraction("rho", rho);
      requireFraction("momentum", momentum);
      requirePositive("epsilon", epsilon);
    }
  }

  /**
   * LAMB (arXiv 1904.00962): Adam's step {@code r = m̂/(√v̂ + epsilon) + decay·w}, made as long as
   * {@code rate·‖w‖}; left as it is where one of the norms is 0. The decay is inside the norm as in
   * the paper, outside in Keras.
   *
   * @param notDecayed patterns of names, see {@link UpdateOptions}
   */
  record Lamb(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      List<String> notDecayed)
      implements Optimizer {
    public Lamb {
      requirePositive("learning-rate", learningRate);
      requireFraction("beta1", beta1);
      requireFraction("beta2", beta2);
      requirePositive("epsilon", epsilon);
      requireNotNegative("weight-decay", weightDecay);
      notDecayed = List.copyOf(notDecayed);
    }
  }

  /**
   * Adafactor (arXiv 1804.04235): of a weight of two dimensions or more the second moment is kept
   * as the means of its rows and columns. The step is relative to the weight's size.
   *
   * @param beta2Decay power of {@code t} in {@code beta2 = 1 − t^decay}, negative
   * @param epsilon1 added to squares of gradients
   * @param epsilon2 the least size of a weight
   * @param clipThreshold the greatest root mean square of an update
   */
  record Adafactor(
      double learningRate,
      double beta2Decay,
      double epsilon1,
      double epsilon2,
      double clipThreshold)
      implements Optimizer {
    public Adafactor {
      requirePositive("learning-rate", learningRate);
      if (!(beta2Decay < 0) || Double.isInfinite(beta2Decay)) {
        throw new IllegalArgumentException("beta2-decay must be negative, but was: " + beta2Decay);
      }
      requirePositive("epsilon1", epsilon1);
      requirePositive("epsilon2", epsilon2);
      requirePositive("clip-threshold", clipThreshold);
    }
  }

  /**
   * Lion (arXiv 2302.06675): {@code w ← w − rate·(sign(beta1·m + (1 − beta1)·g) + decay·w), m ←
   * beta2·m + (1 − beta2)·g}.
   *
   * @param notDecayed patterns of names, see {@link UpdateOptions}
   */
  record Lion(
      double learningRate, double beta1, double beta2, double weightDecay, List<String> notDecayed)
      implements Optimizer {
    public Lion {
      requirePositive("learning-rate", learningRate);
      requireFraction("beta1", beta1);
      requireFraction("beta2", beta2);
      requireNotNegative("weight-decay", weightDecay);
      notDecayed = List.copyOf(notDecayed);
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive, but was: " + value);
    }
  }

  private static void requireNotNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must not be negative, but was: " + value);
    }
  }

  private static void requireFraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), but was: " + value);
    }
  }
}
