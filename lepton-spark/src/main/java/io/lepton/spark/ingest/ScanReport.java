package io.lepton.spark.ingest;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a scan of some partitions saw.
 *
 * @param rows read
 * @param columnar of them out of columnar batches
 * @param bytes written into shards
 * @param missing values that were filled and rows that were left out, by column
 * @param defects found
 */
record ScanReport(
    long rows, long columnar, long bytes, Map<String, MissingCount> missing, Defects defects)
    implements Serializable {
  static final ScanReport NOTHING = new ScanReport(0, 0, 0, Map.of(), new Defects());

  ScanReport plus(ScanReport other) {
    Defects both = new Defects();
    both.addAll(defects);
    both.addAll(other.defects);
    Map<String, MissingCount> counts = new TreeMap<>(missing);
    other.missing.forEach((column, count) -> counts.merge(column, count, MissingCount::plus));
    return new ScanReport(
        rows + other.rows, columnar + other.columnar, bytes + other.bytes, counts, both);
  }
}
