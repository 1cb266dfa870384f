package io.lepton.spark.evaluation;

/**
 * The value of a metric, NaN where it has none, and between what it would lie with other samples.
 *
 * @param value on all rows
 * @param low end of the interval; NaN for no interval
 * @param high end of the interval; NaN for no interval
 */
public record Estimate(double value, double low, double high) {
  static Estimate of(double value) {
    return new Estimate(value, Double.NaN, Double.NaN);
  }

  /** Whether there is an interval. */
  public boolean hasInterval() {
    return Double.isFinite(low) && Double.isFinite(high);
  }
}
