package io.lepton.spark.averaging;

import java.io.Serializable;

/**
 * What the driver does with the mean of the replicas' deltas. It goes for weights; what steps set
 * without a gradient, such as moving means, and the state of the local optimizer is averaged
 * plainly.
 */
public sealed interface OuterOptimizer extends Serializable {
  /** The mean itself: parameters are those of the averaged model. */
  OuterOptimizer PLAIN = new Momentum(1, 0, false);

  /**
   * Descent along the mean delta as if it were a gradient's negative. With {@code rate} 1 and no
   * momentum it is plain averaging; with Nesterov's momentum, 0.7 and 0.9, it is DiLoCo (arXiv
   * 2311.08105).
   */
  record Momentum(double rate, double momentum, boolean nesterov) implements OuterOptimizer {
    public Momentum {
      requireRate(rate);
      requireShare("momentum", momentum);
    }
  }

  /** Adam on the mean delta (FedAdam, arXiv 2003.00295), its moments without bias. */
  record Adam(double rate, double beta1, double beta2, double epsilon) implements OuterOptimizer {
    public Adam {
      requireRate(rate);
      requireShare("beta1", beta1);
      requireShare("beta2", beta2);
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon must be positive, but was: " + epsilon);
      }
    }
  }

  private static void requireRate(double rate) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("rate must be positive, but was: " + rate);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s must be at least 0 and less than 1, but was: %s".formatted(name, value));
    }
  }
}
