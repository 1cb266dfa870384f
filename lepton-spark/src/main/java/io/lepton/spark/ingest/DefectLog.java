package io.lepton.spark.ingest;

/** Notes defects of the part of a scan that is being decoded. One thread. */
final class DefectLog {
  private final int partition;
  private final Defects defects = new Defects();
  private long base;

  DefectLog(int partition) {
    this.partition = partition;
  }

  /** Row numbers count from this row of the partition on. */
  void startAt(long row) {
    base = row;
  }

  void reject(String column, String rule, int row, String value) {
    defects.add(new Defect(column, rule, 1, partition, base + row, value));
  }

  Defects defects() {
    return defects;
  }
}
