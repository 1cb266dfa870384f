package io.lepton.tf.model;

/** Rules of real numbers that several options share. */
final class Numbers {
  private Numbers() {}

  static void requireFinite(String option, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(option + " must be finite, but was: " + value);
    }
  }

  static void requireNotNegative(String option, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          option + " must be a finite number of at least 0, but was: " + value);
    }
  }

  static void requirePositive(String option, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          option + " must be a finite number above 0, but was: " + value);
    }
  }
}
