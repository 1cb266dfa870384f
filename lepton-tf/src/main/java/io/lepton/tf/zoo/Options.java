package io.lepton.tf.zoo;

import java.util.List;

/** Rules that options of architectures share. */
final class Options {
  private Options() {}

  static void requirePositive(String option, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(option + " must be positive, but was: " + value);
    }
  }

  static void requirePositive(String option, List<Integer> values) {
    values.forEach(value -> requirePositive(option, value));
  }

  static void requireFraction(String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(option + " must be in [0, 1), but was: " + value);
    }
  }
}
