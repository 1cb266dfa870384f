package io.lepton.spark.evaluation;

import java.util.Arrays;

/**
 * Sums over rows, as a {@link Tally} has them counted.
 *
 * @param values rows, then weight, then those of the tally
 */
@SuppressWarnings("ArrayRecordComponent")
record Totals(double[] values) {
  /** Number of sums before those of a tally. */
  static final int BEFORE = 2;

  /** Rows and weight alone. */
  Totals size() {
    return new Totals(Arrays.copyOf(values, BEFORE));
  }

  long rows() {
    return (long) values[0];
  }

  double weight() {
    return values[1];
  }

  /** A sum of the tally's, from 0. */
  double at(int sum) {
    return values[BEFORE + sum];
  }

  /** Weighted mean of a sum of the tally's. */
  double mean(int sum) {
    return at(sum) / weight();
  }
}
