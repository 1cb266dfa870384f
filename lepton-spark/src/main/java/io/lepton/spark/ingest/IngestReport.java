package io.lepton.spark.ingest;

import java.util.Map;

/**
 * What came of an ingest.
 *
 * @param rows read, or by the earlier run whose shards were found
 * @param reused whether shards of an earlier run were found, so that nothing had to be scanned
 * @param damaged buckets that were found damaged and made anew
 * @param missing values that were filled and rows left out because of them, by column
 */
public record IngestReport(
    long rows, boolean reused, long damaged, Map<String, MissingCount> missing) {
  public IngestReport {
    missing = Map.copyOf(missing);
  }
}
