package io.lepton.spark.averaging;

import java.io.Serializable;

/**
 * When a training undoes a round and goes back to parameters it had before.
 *
 * @param spike how many times its moving average the loss of a round may be
 * @param rateFactor of the learning rate from then on; 1 to keep it
 * @param most times in a training; 0 for never
 */
public record Rollback(double spike, double rateFactor, int most) implements Serializable {
  public static final Rollback NEVER = new Rollback(Double.MAX_VALUE, 1, 0);

  public Rollback {
    if (!(spike > 1) || Double.isInfinite(spike)) {
      throw new IllegalArgumentException("spike must be above 1, but was: " + spike);
    }
    if (!(rateFactor > 0 && rateFactor <= 1)) {
      throw new IllegalArgumentException(
          "rate-factor must be above 0 and at most 1, but was: " + rateFactor);
    }
    if (most < 0) {
      throw new IllegalArgumentException("most must not be negative, but was: " + most);
    }
  }

  /** Whether it ever happens. */
  public boolean isPossible() {
    return most > 0;
  }
}
