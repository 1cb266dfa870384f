package io.lepton.spark.evaluation;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Resampling of rows, to see how far a metric would move with another sample.
 *
 * <p>In each replicate a row counts as often as a Poisson variable of mean 1 says, drawn from a
 * hash of seed, row and replicate: the same whatever the partitions and the order (Hanley and
 * MacGibbon, "Creating non-parametric bootstrap samples using Poisson frequencies", 2006; Chamandy
 * et al., "Estimating Uncertainty for Massive Data Streams", 2012). An interval goes between
 * percentiles of the replicates.
 *
 * @param replicates how many; 0 for no intervals
 * @param confidence share of the replicates within an interval
 * @param seed of the draws
 */
public record Bootstrap(int replicates, double confidence, long seed) implements Serializable {
  /** No intervals. */
  public static final Bootstrap NONE = new Bootstrap(0, 0.95, 7);

  private static final double[] POISSON = cumulativePoisson();

  public Bootstrap {
    if (replicates < 0) {
      throw new IllegalArgumentException(
          "replicates must not be negative, but were: " + replicates);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence must be between 0 and 1, but was: " + confidence);
    }
  }

  /** How often a row counts in a replicate, from 0. */
  int count(long row, int replicate) {
    long bits = mixed(mixed(mixed(seed) + row) + replicate);
    double uniform = (bits >>> 11) * 0x1p-53;
    int count = 0;
    while (count < POISSON.length && uniform >= POISSON[count]) {
      count++;
    }
    return count;
  }

  /**
   * A value with its interval; without one where fewer than two replicates have a finite value.
   *
   * @param values of the replicates
   */
  Estimate estimate(double value, double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    if (sorted.length < 2) {
      return Estimate.of(value);
    }
    double outside = (1 - confidence) / 2;
    return new Estimate(value, percentile(sorted, outside), percentile(sorted, 1 - outside));
  }

  /** Between the two nearest, as numpy does by default. */
  private static double percentile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The finalizer of SplitMix64 (Steele et al., "Fast splittable pseudorandom generators", 2014).
   */
  private static long mixed(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static double[] cumulativePoisson() {
    double[] cumulative = new double[18];
    double probability = Math.exp(-1);
    double sum = 0;
    for (int count = 0; count < cumulative.length; count++) {
      sum += probability;
      cumulative[count] = sum;
      probability /= count + 1;
    }
    return cumulative;
  }
}
