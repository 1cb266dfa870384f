package io.lepton.spark.ingest;

import java.io.Serializable;
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
import org.apache.spark.broadcast.Broadcast;
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
  private final int scans;
  private final int buckets;
  private final Broadcast<Recipe> recipe;

  /**
   * How shards are made; sent to each process once.
   *
   * @param sources the partitions of the scan
   */
  record Recipe(
      List<Partition> sources,
      boolean columnar,
      DataBinding binding,
      Deal deal,
      ShardDirectory directory)
      implements Serializable {
    Recipe {
      sources = List.copyOf(sources);
    }
  }

  Segments(RDD<?> source, Broadcast<Recipe> recipe) {
    super(source.context(), dependencies(source, recipe.value().deal().buckets()), SHARD);
    this.source = source;
    this.scans = source.getNumPartitions();
    this.buckets = recipe.value().deal().buckets();
    this.recipe = recipe;
  }

  /** Number of partitions of the scan. */
  int scans() {
    return scans;
  }

  int buckets() {
    return buckets;
  }

  /** Where the shards of a scan partition for a bucket are. */
  int partition(int scan, int bucket) {
    return scan * buckets + bucket;
  }

  /**
   * Scans a partition of the source and keeps the shards for all buckets in this process.
   *
   * @param rdd the number of the segments
   */
  static ScanReport scan(TaskContext context, Iterator<?> rows, int rdd, Broadcast<Recipe> shared) {
    Recipe recipe = shared.value();
    int partition = context.partitionId();
    int buckets = recipe.deal().buckets();
    try (PartitionScan scan = scan(context, recipe, partition, bucket -> true)) {
      Map<Integer, List<Path>> files = decode(scan, recipe.columnar(), rows);
      for (int bucket = 0; bucket < buckets; bucket++) {
        List<Path> ofBucket = files.getOrDefault(bucket, List.of());
        put(new RDDBlockId(rdd, partition * buckets + bucket), open(ofBucket, recipe.directory()));
      }
      return scan.report();
    }
  }

  @Override
  public scala.collection.Iterator<Shard> compute(Partition split, TaskContext context) {
    Recipe made = recipe.value();
    int partition = split.index() / buckets;
    int bucket = split.index() % buckets;
    Iterator<?> rows =
        CollectionConverters.asJava(source.iterator(made.sources().get(partition), context));
    try (PartitionScan scan = scan(context, made, partition, other -> other == bucket)) {
      List<Path> files = decode(scan, made.columnar(), rows).getOrDefault(bucket, List.of());
      Handover shards = new Handover(context);
      open(files, made.directory()).forEach(shards::add);
      return CollectionConverters.asScala(shards);
    }
  }

  @Override
  public Partition[] getPartitions() {
    return IndexedPartition.some(scans * buckets);
  }

  private static PartitionScan scan(
      TaskContext context, Recipe recipe, int partition, IntPredicate wanted) {
    return new PartitionScan(
        context, recipe.binding(), recipe.deal(), partition, wanted, recipe.directory());
  }

  private static void put(RDDBlockId id, List<Shard> shards) {
    BlockManager store = SparkEnv.get().blockManager();
    boolean known = store.getStatus(id).isDefined();
    boolean kept =
        store.putIterator(
            id,
            CollectionConverters.asScala(shards.iterator()),
            StorageLevel.MEMORY_ONLY(),
            true,
            SHARD);
    if (known || !kept) {
      shards.forEach(Shard::close);
    }
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
