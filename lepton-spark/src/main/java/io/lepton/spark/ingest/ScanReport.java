package io.lepton.spark.ingest;

import java.io.Serializable;

/**
 * What a scan of some partitions saw.
 *
 * @param rows read
 * @param columnar of them out of columnar batches
 * @param bytes written into blocks
 * @param defects found
 */
record ScanReport(long rows, long columnar, long bytes, Defects defects) implements Serializable {
  static final ScanReport NOTHING = new ScanReport(0, 0, 0, new Defects());

  ScanReport plus(ScanReport other) {
    Defects both = new Defects();
    both.addAll(defects);
    both.addAll(other.defects);
    return new ScanReport(rows + other.rows, columnar + other.columnar, bytes + other.bytes, both);
  }
}
