package io.lepton.spark.ingest;

import java.io.Serializable;

/**
 * Orders blocks so that a shard does not depend on when they arrive.
 *
 * @param bucket the shard set's partition it goes to
 * @param partition of the scan it comes from
 * @param sequence within that partition and bucket
 */
record BlockKey(int bucket, int partition, int sequence)
    implements Serializable, Comparable<BlockKey> {
  @Override
  public int compareTo(BlockKey other) {
    int order = Integer.compare(bucket, other.bucket);
    if (order == 0) {
      order = Integer.compare(partition, other.partition);
    }
    return order == 0 ? Integer.compare(sequence, other.sequence) : order;
  }
}
