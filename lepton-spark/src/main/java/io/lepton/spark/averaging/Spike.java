package io.lepton.spark.averaging;

import java.util.Locale;

/**
 * A round whose loss ran away.
 *
 * @param round from 1, over the whole training
 * @param loss its mean; NaN if no replica's was finite
 * @param average moving average of the rounds before; NaN before the first
 * @param times its average that it might have been
 * @param good the last round that went well, to whose start the training goes back
 */
public record Spike(int round, double loss, double average, double times, int good) {
  /** Why the round is undone. */
  public String reason() {
    return Double.isFinite(loss)
        ? String.format(
            Locale.ROOT,
            "the loss of round %d was %.4g, more than %s times its moving average of %.4g",
            round,
            loss,
            times,
            average)
        : "the loss of round %d was no finite number".formatted(round);
  }
}
