package io.lepton.spark.predict;

import java.util.Map;
import java.util.TreeMap;

/** How long rows took, exact to the millisecond. One thread. */
final class LatencyTally {
  private final TreeMap<Long, Long> rowsByMillis = new TreeMap<>();
  private long rows;

  void add(long millis, long count) {
    if (count > 0) {
      rowsByMillis.merge(millis, count, Long::sum);
      rows += count;
    }
  }

  /**
   * The least seconds within which a share of all rows was done; 0 without rows.
   *
   * @param share above 0, at most 1
   */
  double seconds(double share) {
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
}
