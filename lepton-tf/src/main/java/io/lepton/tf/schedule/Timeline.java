package io.lepton.tf.schedule;

import java.io.Serializable;

/**
 * The length of a whole training.
 *
 * @param steps of the longest replica, over all epochs
 * @param epochs passes over the data, at most
 */
public record Timeline(double steps, double epochs) implements Serializable {
  public Timeline {
    if (!(steps > 0 && epochs > 0)) {
      throw new IllegalArgumentException(
          "a training must have steps and epochs, but had: %s and %s".formatted(steps, epochs));
    }
  }

  /** A span in steps; an epoch is a mean one. */
  public double steps(Span span) {
    return span.unit() == Span.Unit.STEPS ? span.amount() : span.amount() * steps / epochs;
  }
}
