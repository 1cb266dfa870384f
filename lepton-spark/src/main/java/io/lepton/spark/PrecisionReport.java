package io.lepton.spark;

import io.lepton.tf.HeavyOps;
import io.lepton.tf.Precision;

/**
 * The precision of a training and why.
 *
 * @param precision that was chosen
 * @param heavy operations of a step in the low precision that was looked at; of none where none was
 * @param float32Seconds of the steps of the comparison; 0 where nothing was compared
 * @param lowSeconds of the same steps in the low precision
 * @param reason why nothing was measured although that was asked for; empty else
 */
public record PrecisionReport(
    Precision precision, HeavyOps heavy, double float32Seconds, double lowSeconds, String reason) {
  PrecisionReport(Precision precision, HeavyOps heavy, double float32Seconds, double lowSeconds) {
    this(precision, heavy, float32Seconds, lowSeconds, "");
  }
}
