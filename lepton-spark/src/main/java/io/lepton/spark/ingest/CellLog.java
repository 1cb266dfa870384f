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
  private final String[] droppedFor;
  private final String[] refusedFor;
  private long base;
  private int first;

  /**
   * An empty log.
   *
   * @param capacity most rows of a part
   */
  CellLog(int partition, int capacity) {
    this.partition = partition;
    this.droppedFor = new String[capacity];
    this.refusedFor = new String[capacity];
  }

  /** Begins a part: row numbers count from this row of the partition on, none is left out yet. */
  void startAt(long row) {
    base = row;
    first = 0;
    Arrays.fill(droppedFor, null);
    Arrays.fill(refusedFor, null);
  }

  /** From now on cells are told of by their row after this row of the part. */
  void countFrom(int row) {
    first = row;
  }

  /** A cell that breaks a rule; of no interest in a row that is left out. */
  void reject(String column, String rule, int row, String value) {
    int at = first + row;
    if (droppedFor[at] == null) {
      defects.add(new Defect(column, rule, 1, partition, base + at, value));
      if (refusedFor[at] == null) {
        refusedFor[at] = "column '%s': %s, but was %s".formatted(column, rule, value);
      }
    }
  }

  /** A missing cell that was filled; of no interest in a row that is left out. */
  void fill(String column, int row) {
    if (droppedFor[first + row] == null) {
      missing.merge(column, new MissingCount(1, 0), MissingCount::plus);
    }
  }

  /** Marks a row to be left out because of a column; the first such column is the one told. */
  void drop(String column, int row) {
    if (droppedFor[first + row] == null) {
      droppedFor[first + row] = column;
    }
  }

  /** Whether a row is marked to be left out; counts it if so. */
  boolean leavesOut(int row) {
    if (droppedFor[row] == null) {
      return false;
    }
    missing.merge(droppedFor[row], new MissingCount(0, 1), MissingCount::plus);
    return true;
  }

  /** Why a row of the part cannot be used, the first reason of several; null if it can. */
  String refusal(int row) {
    return droppedFor[row] == null
        ? refusedFor[row]
        : "column '%s': rows without a value are left out".formatted(droppedFor[row]);
  }

  Defects defects() {
    return defects;
  }

  /** By the name of the column. */
  Map<String, MissingCount> missing() {
    return missing;
  }
}
