package io.lepton.spark.ingest;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Notes what was found among the cells of the part of a scan that is being decoded: defects,
 * missing values, rows to leave out. One thread.
 */
final class CellLog {
  private final int partition;
  private final Defects defects = new Defects();
  private final Map<String, MissingCount> missing = new TreeMap<>();
  private final boolean[] dropped;
  private long base;

  /**
   * An empty log.
   *
   * @param capacity most rows of a part
   */
  CellLog(int partition, int capacity) {
    this.partition = partition;
    this.dropped = new boolean[capacity];
  }

  /** Begins a part: row numbers count from this row of the partition on, none is left out yet. */
  void startAt(long row) {
    base = row;
    Arrays.fill(dropped, false);
  }

  /** A cell that breaks a rule; of no interest in a row that is left out. */
  void reject(String column, String rule, int row, String value) {
    if (!dropped[row]) {
      defects.add(new Defect(column, rule, 1, partition, base + row, value));
    }
  }

  /** A missing cell that was filled; of no interest in a row that is left out. */
  void fill(String column, int row) {
    if (!dropped[row]) {
      missing.merge(column, new MissingCount(1, 0), MissingCount::plus);
    }
  }

  /** A row that is left out because of a column; only the first such column counts. */
  void drop(String column, int row) {
    if (!dropped[row]) {
      dropped[row] = true;
      missing.merge(column, new MissingCount(0, 1), MissingCount::plus);
    }
  }

  boolean dropped(int row) {
    return dropped[row];
  }

  Defects defects() {
    return defects;
  }

  /** By the name of the column. */
  Map<String, MissingCount> missing() {
    return missing;
  }
}
