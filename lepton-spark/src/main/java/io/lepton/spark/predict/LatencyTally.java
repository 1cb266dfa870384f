package io.lepton.spark.predict;

import java.util.Map;
import java.util.TreeMap;

/**
 * How long rows took, exact to the millisecond below ten seconds and to a thousandth above. One
 * thread.
 */
final class LatencyTally {
  private static final long MOST_EXACT = 10_000;

  private final TreeMap<Long, Long> rowsByMillis = new TreeMap<>();
  private long rows;

  /** Adds rows; those of less than nothing count as of nothing. */
  void add(long millis, long count) {
    if (count > 0) {
      rowsByMillis.merge(rounded(Math.max(0, millis)), count, Long::sum);
      rows += count;
    }
  }

  Percentiles percentiles() {
    return new Percentiles(seconds(0.5), seconds(0.95), seconds(0.99), seconds(1));
  }

  /** The least seconds within which a share of all rows was done; 0 without rows. */
  private double seconds(double share) {
    long wanted = (long) Math.ceil(share * rows);
    long seen = 0;
    for (Map.Entry<Long, Long> entry : rowsByMillis.entrySet()) {
      seen += entry.getValue();
      if (seen >= wanted) {
        return entry.getKey() / 1e3;
      }
    }
    return 0;
  }

  /** Up to four digits, so that a stream of years keeps some ten thousand numbers. */
  private static long rounded(long millis) {
    long step = 1;
    while (millis / step >= MOST_EXACT) {
      step *= 10;
    }
    return (millis + step - 1) / step * step;
  }
}
