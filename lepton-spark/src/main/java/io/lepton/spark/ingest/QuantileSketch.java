package io.lepton.spark.ingest;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Quantiles of numbers in one pass and little memory, mergeable, and the same for the same numbers
 * in the same order: buffers of sorted numbers, two of a level giving one of the next by every
 * other of theirs (Manku, Rajagopalan, Lindsay 1998, with the even and the odd ones taken in turn).
 *
 * <p>Exact up to {@value #BUFFER} numbers; beyond, the rank of an answer is off by at most {@code
 * log2(n / 2048) / 4096} of n: 0.2 % of a million numbers, 0.5 % of a billion.
 */
final class QuantileSketch implements Serializable {
  private static final int BUFFER = 2048;
  private static final int FIRST = 64;

  private final List<double[]> levels = new ArrayList<>();
  private double[] fresh = new double[FIRST];
  private int filled;
  private long count;
  private boolean odd;

  void add(double value) {
    if (filled == fresh.length) {
      fresh = Arrays.copyOf(fresh, fresh.length * 2);
    }
    fresh[filled++] = value;
    count++;
    if (filled == BUFFER) {
      double[] sorted = fresh;
      fresh = new double[FIRST];
      filled = 0;
      Arrays.sort(sorted);
      carry(0, sorted);
    }
  }

  void merge(QuantileSketch other) {
    for (int level = 0; level < other.levels.size(); level++) {
      if (other.levels.get(level) != null) {
        carry(level, other.levels.get(level));
        count += (long) BUFFER << level;
      }
    }
    for (int i = 0; i < other.filled; i++) {
      add(other.fresh[i]);
    }
  }

  /**
   * The number that a share of all numbers is not above; between two, in proportion.
   *
   * @param share from 0 to 1
   */
  double quantile(double share) {
    List<Weighted> sorted = sorted();
    double rank = share * (count - 1);
    double low = at(sorted, (long) Math.floor(rank));
    double high = at(sorted, (long) Math.ceil(rank));
    return low + (high - low) * (rank - Math.floor(rank));
  }

  private record Weighted(double value, long weight) implements Comparable<Weighted> {
    @Override
    public int compareTo(Weighted other) {
      return Double.compare(value, other.value);
    }
  }

  private List<Weighted> sorted() {
    List<Weighted> all = new ArrayList<>();
    for (int i = 0; i < filled; i++) {
      all.add(new Weighted(fresh[i], 1));
    }
    for (int level = 0; level < levels.size(); level++) {
      if (levels.get(level) != null) {
        for (double value : levels.get(level)) {
          all.add(new Weighted(value, 1L << level));
        }
      }
    }
    all.sort(null);
    return all;
  }

  private static double at(List<Weighted> sorted, long rank) {
    long before = 0;
    for (Weighted each : sorted) {
      before += each.weight();
      if (rank < before) {
        return each.value();
      }
    }
    throw new IllegalStateException("no number has rank " + rank);
  }

  private void carry(int from, double[] buffer) {
    int level = from;
    double[] carried = buffer;
    while (level < levels.size() && levels.get(level) != null) {
      carried = everyOther(levels.get(level), carried);
      levels.set(level++, null);
    }
    while (levels.size() <= level) {
      levels.add(null);
    }
    levels.set(level, carried);
  }

  private double[] everyOther(double[] one, double[] two) {
    double[] both = Arrays.copyOf(one, 2 * BUFFER);
    System.arraycopy(two, 0, both, BUFFER, BUFFER);
    Arrays.sort(both);
    double[] half = new double[BUFFER];
    for (int i = 0; i < BUFFER; i++) {
      half[i] = both[2 * i + (odd ? 1 : 0)];
    }
    odd = !odd;
    return half;
  }
}
