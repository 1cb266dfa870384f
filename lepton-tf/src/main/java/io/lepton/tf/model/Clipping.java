package io.lepton.tf.model;

import java.io.Serializable;

/** How gradients that are too large are made smaller (arXiv 1211.5063). */
public sealed interface Clipping extends Serializable {
  /** Gradients stay as they are. */
  record None() implements Clipping {}

  /** Each element is brought into {@code [−limit, limit]}. */
  record ByValue(double limit) implements Clipping {
    public ByValue {
      requirePositive("clip-value", limit);
    }
  }

  /** The gradient of each weight is scaled down to a Euclidean norm of at most {@code limit}. */
  record ByNorm(double limit) implements Clipping {
    public ByNorm {
      requirePositive("clip-norm", limit);
    }
  }

  /** All gradients are scaled down together, to a norm over all of them of at most the limit. */
  record ByGlobalNorm(double limit) implements Clipping {
    public ByGlobalNorm {
      requirePositive("clip-global-norm", limit);
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive, but was: " + value);
    }
  }
}
