package io.lepton.spark;

import java.io.Serializable;

/**
 * A moving average of the weights (Polyak and Juditsky, 1992), evaluated and saved in place of the
 * weights that are trained.
 *
 * @param decay share of the average that is left after a step, such as 0.999
 * @param corrected whether the initial weights are left out of the average, by dividing it by
 *     {@code 1 − decay^steps}
 */
public record Ema(double decay, boolean corrected) implements Serializable {
  public Ema {
    if (!(decay > 0 && decay < 1)) {
      throw new IllegalArgumentException("decay must be between 0 and 1, but was: " + decay);
    }
  }
}
