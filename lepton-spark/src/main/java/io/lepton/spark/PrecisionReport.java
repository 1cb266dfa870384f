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
 */
public record PrecisionReport(
    Precision precision, HeavyOps heavy, double float32Seconds, double lowSeconds) {}
