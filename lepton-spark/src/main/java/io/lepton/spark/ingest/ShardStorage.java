package io.lepton.spark.ingest;

import java.io.Serializable;

/**
 * Where executors keep shards.
 *
 * @param directory a local directory of every machine, where shard sets stay to be found by the
 *     next run on the same data; null for Spark's own, which goes with the application
 * @param maxBytes of the shard sets that stay on a machine; the ones used longest ago go first
 */
public record ShardStorage(String directory, long maxBytes) implements Serializable {
  /** Spark's own directory; nothing stays. */
  public static final ShardStorage OF_SPARK = new ShardStorage(null, 0);

  public ShardStorage {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("max-size must not be negative, but was: " + maxBytes);
    }
  }
}
