package io.lepton.spark.ingest;

import java.io.Serializable;

/**
 * Count, mean and variance of numbers in one pass (Welford 1962), mergeable (Chan, Golub, LeVeque
 * 1979).
 */
final class Moments implements Serializable {
  private long count;
  private double mean;
  private double squares;

  void add(double value) {
    count++;
    double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }

  void merge(Moments other) {
    if (other.count == 0) {
      return;
    }
    long both = count + other.count;
    double delta = other.mean - mean;
    mean += delta * other.count / both;
    squares += other.squares + delta * delta * ((double) count * other.count / both);
    count = both;
  }

  long count() {
    return count;
  }

  double mean() {
    return mean;
  }

  /** Standard deviation of these numbers themselves, not of what they are a sample of. */
  double deviation() {
    return Math.sqrt(squares / count);
  }
}
