package io.lepton.spark.ingest;

/** Rows on their way from a scan to a shard, or the report that ends a scan's partition. */
final class RowBlock {
  private final int rows;
  private final byte[] bytes;
  private final ScanReport report;

  RowBlock(int rows, byte[] bytes, ScanReport report) {
    this.rows = rows;
    this.bytes = bytes;
    this.report = report;
  }

  static RowBlock of(ScanReport report) {
    return new RowBlock(0, new byte[0], report);
  }

  int rows() {
    return rows;
  }

  /** As the layout of the ingest says for this number of rows. */
  byte[] bytes() {
    return bytes;
  }

  /** Null but in a partition's last block. */
  ScanReport report() {
    return report;
  }
}
