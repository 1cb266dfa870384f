package io.lepton.spark.evaluation;

import java.util.Arrays;

/** What one row adds to which sums. One thread, used again for each row. */
final class Terms {
  private int size;
  private int[] sums = new int[16];
  private double[] values = new double[16];

  void clear() {
    size = 0;
  }

  /** Adds to a sum of the tally's, from 0. */
  void add(int sum, double value) {
    put(Totals.BEFORE + sum, value);
  }

  /** Adds to any sum. */
  void put(int sum, double value) {
    if (size == sums.length) {
      sums = Arrays.copyOf(sums, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    sums[size] = sum;
    values[size++] = value;
  }

  void addTo(ExactSums all, int firstSum, double factor) {
    for (int i = 0; i < size; i++) {
      all.add(firstSum + sums[i], factor * values[i]);
    }
  }
}
