package io.lepton.spark.ingest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What each partition of a scan has for each bucket: partition {@code p * buckets + b} holds the
 * shards of scan partition p for bucket b.
 *
 * <p>One task scans a partition once and puts the shards of all its buckets into the block store
 * ({@link #scan}); a block that was lost since is made anew from the source for its bucket alone.
 */
final class Segments extends RDD<Shard> {
  static final ClassTag<Shard> SHARD = ClassTag$.MODULE$.apply(Shard.class);

  private final RDD<?> source;
  private final boolean columnar;
  private final DataBinding binding;
  private final Deal deal;
  private final ShardDirectory directory;

  Segments(
      RDD<?> source, boolean columnar, DataBinding binding, Deal deal, ShardDirectory directory) {
    super(source.context(), dependencies(source, deal.buckets()), SHARD);
    this.source = source;
    this.columnar = columnar;
    this.binding = binding;
    this.deal = deal;
    this.directory = directory;
  }

  /** Number of partitions of the scan. */
  int scans() {
    return source.getNumPartitions();
  }

  int buckets() {
    return deal.buckets();
  }

  /** Where the shards of a scan partition for a bucket are. */
  int partition(int scan, int bucket) {
    return scan * deal.buckets() + bucket;
  }

  /** The part of {@link #scan} that tasks need, without the lineage. */
  record Scan(
      int rdd,
      boolean columnar,
      DataBinding binding,
      Deal deal,
      ShardDirectory directory,
      StorageLevel level)
      implements java.io.Serializable {

    /** Scans a partition and keeps the shards for all buckets in this process. */
    ScanReport run(TaskContext context, Iterator<?> rows) {
      int partition = context.partitionId();
      try (PartitionScan scan =
          new PartitionScan(context, binding, deal, partition, bucket -> true, directory)) {
        Map<Integer, List<Path>> files = decode(scan, columnar, rows);
        for (int bucket = 0; bucket < deal.buckets(); bucket++) {
          put(partition * deal.buckets() + bucket, files.getOrDefault(bucket, List.of()));
        }
        return scan.report();
      }
    }

    private void put(int partition, List<Path> files) {
      List<Shard> shards = open(files, directory);
      BlockManager store = SparkEnv.get().blockManager();
      RDDBlockId id = new RDDBlockId(rdd, partition);
      boolean known = store.getStatus(id).isDefined();
      boolean kept =
          store.putIterator(
              id, CollectionConverters.asScala(shards.iterator()), level, true, SHARD);
      if (known || !kept) {
        shards.forEach(Shard::close);
      }
    }
  }

  /** What to run on each partition of the source. */
  Scan scan() {
    return new Scan(id(), columnar, binding, deal, directory, StorageLevel.MEMORY_ONLY());
  }

  @Override
  public scala.collection.Iterator<Shard> compute(Partition split, TaskContext context) {
    int partition = split.index() / deal.buckets();
    int bucket = split.index() % deal.buckets();
    Iterator<?> rows =
        CollectionConverters.asJava(source.iterator(source.partitions()[partition], context));
    try (PartitionScan scan =
        new PartitionScan(context, binding, deal, partition, equal(bucket), directory)) {
      List<Path> files = decode(scan, columnar, rows).getOrDefault(bucket, List.of());
      return CollectionConverters.asScala(open(files, directory).iterator());
    }
  }

  @Override
  public Partition[] getPartitions() {
    return IndexedPartition.some(scans() * deal.buckets());
  }

  private static IntPredicate equal(int bucket) {
    return other -> other == bucket;
  }

  @SuppressWarnings("unchecked")
  private static Map<Integer, List<Path>> decode(
      PartitionScan scan, boolean columnar, Iterator<?> rows) {
    if (columnar) {
      scan.decodeBatches((Iterator<ColumnarBatch>) rows);
    } else {
      scan.decodeRows((Iterator<InternalRow>) rows);
    }
    return scan.finish();
  }

  private static List<Shard> open(List<Path> files, ShardDirectory directory) {
    List<Shard> shards = new ArrayList<>();
    for (Path file : files) {
      shards.add(Shard.open(file, directory));
    }
    return shards;
  }

  private static scala.collection.immutable.Seq<Dependency<?>> dependencies(
      RDD<?> source, int buckets) {
    Dependency<?> dependency = new ScanOfSegment<>(source, buckets);
    return CollectionConverters.asScala(List.<Dependency<?>>of(dependency)).toSeq();
  }

  private static final class ScanOfSegment<T> extends NarrowDependency<T> {
    private final int buckets;

    ScanOfSegment(RDD<T> source, int buckets) {
      super(source);
      this.buckets = buckets;
    }

    @Override
    public scala.collection.immutable.Seq<Object> getParents(int partition) {
      return CollectionConverters.asScala(List.<Object>of(partition / buckets)).toSeq();
    }
  }
}
