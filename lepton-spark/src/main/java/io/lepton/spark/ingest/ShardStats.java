package io.lepton.spark.ingest;

import java.io.Serializable;
import java.util.List;

/**
 * What the driver knows of one bucket of a shard set.
 *
 * @param chunkRows rows of each chunk, in order
 * @param report of the scan partitions whose reports came here
 */
record ShardStats(List<Integer> chunkRows, ScanReport report) implements Serializable {
  ShardStats {
    chunkRows = List.copyOf(chunkRows);
  }
}
