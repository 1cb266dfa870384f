package io.lepton.tf.schedule;

import java.io.Serializable;

/** A length of training, such as 500 steps or half an epoch. */
public record Span(double amount, Unit unit) implements Serializable {
  /** No length at all. */
  public static final Span NONE = new Span(0, Unit.STEPS);

  /** What a length is counted in. */
  public enum Unit {
    STEPS,
    EPOCHS
  }

  public Span {
    if (!(amount >= 0) || Double.isInfinite(amount)) {
      throw new IllegalArgumentException(
          "a number of steps or epochs must not be negative, but was: " + amount);
    }
  }
}
