package io.lepton.spark.ingest;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * Data at rest as shards: partitions of a persisted RDD, one for each bucket. Lives on the driver.
 */
public final class ShardSet {
  private final JavaRDD<Shard> shards;
  private final int first;
  private final List<List<Integer>> chunkRows;

  ShardSet(JavaRDD<Shard> shards, int first, List<List<Integer>> chunkRows) {
    this.shards = shards;
    this.first = first;
    this.chunkRows = List.copyOf(chunkRows);
  }

  /** The RDD that holds the shards, perhaps with others beside them. */
  public JavaRDD<Shard> shards() {
    return shards;
  }

  /** Number of buckets. */
  public int buckets() {
    return chunkRows.size();
  }

  /** The RDD's partitions of the buckets, in order. */
  public List<Integer> partitions() {
    return IntStream.range(first, first + buckets()).boxed().toList();
  }

  /** Rows of each chunk of a bucket, in order. */
  public List<Integer> chunkRows(int bucket) {
    return chunkRows.get(bucket);
  }

  /** Rows of all buckets. */
  public long rows() {
    return chunkRows.stream().flatMap(List::stream).mapToLong(Integer::longValue).sum();
  }
}
