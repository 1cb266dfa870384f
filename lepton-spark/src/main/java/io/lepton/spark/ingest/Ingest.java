package io.lepton.spark.ingest;

import io.lepton.spark.Jobs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Turns a DataFrame into shards, once: a scan, a shuffle of blocks, a mapped file for each bucket.
 *
 * <p>Which row goes to which bucket and in which order depends on the seed and the partitions of
 * the scan only, never on executors or on what arrives first.
 */
public final class Ingest implements AutoCloseable {
  private final JavaRDD<Shard> shards;
  private final ShardSet training;
  private final ShardSet validation;
  private final ScanReport report;

  private Ingest(JavaRDD<Shard> shards, Deal deal, List<ShardStats> stats) {
    this.shards = shards;
    List<List<Integer>> chunkRows = stats.stream().map(ShardStats::chunkRows).toList();
    this.training = new ShardSet(shards, 0, chunkRows.subList(0, deal.training()));
    this.validation =
        new ShardSet(shards, deal.training(), chunkRows.subList(deal.training(), deal.buckets()));
    this.report =
        stats.stream().map(ShardStats::report).reduce(ScanReport.NOTHING, ScanReport::plus);
  }

  /**
   * Ingests all rows into as many buckets.
   *
   * @param source what to call the data in errors
   * @param directory for shards on every executor; null for Spark's own
   * @throws DataException if rows break rules, naming all of them
   */
  public static Ingest whole(
      String source,
      Dataset<Row> data,
      DataBinding binding,
      long seed,
      int buckets,
      String directory) {
    return run(source, data, binding, new Deal(seed, buckets, 0, 0), directory);
  }

  /**
   * Ingests a share of the rows, chosen by the seed, as validation set and the others to train on.
   */
  public static Ingest split(
      String source,
      Dataset<Row> data,
      DataBinding binding,
      long seed,
      int buckets,
      double validationFraction,
      String directory) {
    return run(
        source, data, binding, new Deal(seed, buckets, buckets, validationFraction), directory);
  }

  public ShardSet training() {
    return training;
  }

  /** Empty unless the data was split. */
  public ShardSet validation() {
    return validation;
  }

  /** Rows read. */
  public long rows() {
    return report.rows();
  }

  /** Rows that came in columnar batches. */
  public long columnarRows() {
    return report.columnar();
  }

  /** Bytes decoded into blocks, the same number as was then put together to shards. */
  public long decodedBytes() {
    return report.bytes();
  }

  /** Drops the shards: their files and their memory. */
  @Override
  public void close() {
    shards.unpersist(true);
  }

  private static Ingest run(
      String source, Dataset<Row> data, DataBinding binding, Deal deal, String directory) {
    BlockLayout layout = new BlockLayout(binding.columns());
    JavaRDD<Shard> shards =
        blocks(new SourceScan(data, binding), binding, deal)
            .repartitionAndSortWithinPartitions(
                new BucketPartitioner(deal.buckets()), Comparator.naturalOrder())
            .mapPartitions(blocks -> new ShardAssembler(blocks, layout, directory))
            .setName("shards of " + source)
            .persist(StorageLevel.MEMORY_ONLY());
    boolean whole = false;
    try {
      Ingest ingest = new Ingest(shards, deal, materialize(shards, deal.buckets()));
      if (!ingest.report.defects().all().isEmpty()) {
        throw new DataException(source, List.copyOf(ingest.report.defects().all()));
      }
      whole = true;
      return ingest;
    } finally {
      if (!whole) {
        shards.unpersist(true);
      }
    }
  }

  private static List<ShardStats> materialize(JavaRDD<Shard> shards, int buckets) {
    ShardStats[] stats = new ShardStats[buckets];
    Jobs.run(
        shards,
        IntStream.range(0, buckets).boxed().toList(),
        (context, partition) -> stats(partition),
        (bucket, bucketStats) -> stats[bucket] = bucketStats);
    return List.of(stats);
  }

  private static JavaPairRDD<BlockKey, RowBlock> blocks(
      SourceScan scan, DataBinding binding, Deal deal) {
    return scan.columnar()
        ? scan.batches()
            .mapPartitionsToPair(
                batches ->
                    BlockDealer.ofBatches(batches, binding, deal, TaskContext.getPartitionId()))
        : scan.rows()
            .mapPartitionsToPair(
                rows -> BlockDealer.ofRows(rows, binding, deal, TaskContext.getPartitionId()));
  }

  private static ShardStats stats(Iterator<Shard> shards) {
    List<Integer> chunkRows = new ArrayList<>();
    ScanReport report = ScanReport.NOTHING;
    while (shards.hasNext()) {
      Shard shard = shards.next();
      shard.chunks().forEach(chunk -> chunkRows.add(chunk.rows()));
      report = report.plus(shard.report());
    }
    return new ShardStats(chunkRows, report);
  }

  private static final class BucketPartitioner extends Partitioner {
    private final int buckets;

    BucketPartitioner(int buckets) {
      this.buckets = buckets;
    }

    @Override
    public int numPartitions() {
      return buckets;
    }

    @Override
    public int getPartition(Object key) {
      return ((BlockKey) key).bucket();
    }
  }
}
