package io.lepton.spark.data;

import java.io.Serializable;

/**
 * How numbers are prepared: missing ones are filled, then all are clipped, then the logarithm is
 * taken, then they are normalised. Statistics are of the values that are there.
 *
 * @param missing what to do with missing ones
 * @param filling what to fill with
 * @param constant to fill with, if that is a constant
 * @param low values below become this; negative infinity for none
 * @param high values above become this; infinity for none
 * @param log whether {@code log(1 + x)} is taken, of 0 where x is below 0
 */
public record NumberOptions(
    Missing missing,
    Filling filling,
    double constant,
    double low,
    double high,
    boolean log,
    Normalization normalization)
    implements Serializable {
  /** Numbers as they are, none of them missing. */
  public static final NumberOptions PLAIN =
      new NumberOptions(
          Missing.FAIL,
          Filling.CONSTANT,
          0,
          Double.NEGATIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          false,
          Normalization.NONE);

  public NumberOptions {
    if (!(low < high)) {
      throw new IllegalArgumentException(
          "clip must be from a lower to a higher number, but was: %s to %s".formatted(low, high));
    }
    if (!Double.isFinite(constant)) {
      throw new IllegalArgumentException("fill must be finite, but was: " + constant);
    }
  }
}
