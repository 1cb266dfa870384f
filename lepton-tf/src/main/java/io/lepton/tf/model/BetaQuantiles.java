package io.lepton.tf.model;

/**
 * Quantiles of the symmetric beta distribution.
 *
 * <p>The distribution function on {@code [0, ½]} is the series of positive terms {@code (x(1−x))^α
 * · Σ (2α)ₙ/(α+1)ₙ xⁿ} up to a factor (DLMF 8.17.8), which its value ½ at ½ gives.
 */
final class BetaQuantiles {
  private static final int BISECTIONS = 60;

  private BetaQuantiles() {}

  /** The quantiles at 0, 1/intervals, 2/intervals … 1; an even number of intervals. */
  static double[] of(double alpha, int intervals) {
    double[] quantiles = new double[intervals + 1];
    for (int i = 1; i <= intervals / 2; i++) {
      quantiles[i] = quantile(alpha, (double) i / intervals, quantiles[i - 1]);
    }
    for (int i = 0; i < intervals / 2; i++) {
      quantiles[intervals - i] = 1 - quantiles[i];
    }
    return quantiles;
  }

  private static double quantile(double alpha, double probability, double from) {
    double low = from;
    double high = 0.5;
    double half = series(alpha, 0.5);
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      double below = Math.pow(4 * middle * (1 - middle), alpha) * series(alpha, middle) / half / 2;
      if (below < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private static double series(double alpha, double x) {
    double sum = 1;
    double term = 1;
    for (int n = 0; term > 1e-16 * sum; n++) {
      term *= x * (2 * alpha + n) / (alpha + 1 + n);
      sum += term;
    }
    return sum;
  }
}
