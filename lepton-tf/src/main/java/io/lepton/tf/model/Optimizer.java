package io.lepton.tf.model;

import java.io.Serializable;

/** The rule of a local step. The learning rate is a port of the program, this one its base. */
public sealed interface Optimizer extends Serializable {
  /** The rate that the driver feeds unless a schedule says otherwise. */
  double learningRate();

  /** Gradient descent: {@code v ← momentum·v + g, w ← w − rate·v}; no state when momentum is 0. */
  record Sgd(double learningRate, double momentum) implements Optimizer {
    public Sgd {
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

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive, but was: " + value);
    }
  }

  private static void requireFraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), but was: " + value);
    }
  }
}
