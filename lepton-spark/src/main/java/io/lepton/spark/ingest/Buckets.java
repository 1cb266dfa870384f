package io.lepton.spark.ingest;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The shards of each bucket, those of the scan's first partition first. Shards that lie in the same
 * process are taken over as they are, others are fetched once.
 */
final class Buckets extends RDD<Shard> {
  private final Segments segments;
  private final List<String> homes;

  /**
   * Buckets of segments.
   *
   * @param homes places that buckets are best put together at, as Spark names them, dealt in turn
   */
  Buckets(Segments segments, List<String> homes) {
    super(segments.context(), dependencies(segments), Segments.SHARD);
    this.segments = segments;
    this.homes = List.copyOf(homes);
  }

  @Override
  public scala.collection.Iterator<Shard> compute(Partition split, TaskContext context) {
    Handover shards = new Handover(context);
    for (int scan = 0; scan < segments.scans(); scan++) {
      Partition segment = new IndexedPartition(segments.partition(scan, split.index()));
      scala.collection.Iterator<Shard> parts = segments.iterator(segment, context);
      while (parts.hasNext()) {
        Shard shard = parts.next();
        shards.add(shard.moved() ? shard : shard.share());
      }
    }
    return CollectionConverters.asScala(shards);
  }

  @Override
  public Partition[] getPartitions() {
    return IndexedPartition.some(segments.buckets());
  }

  @Override
  public scala.collection.immutable.Seq<String> getPreferredLocations(Partition split) {
    List<String> home =
        homes.isEmpty() ? List.of() : List.of(homes.get(split.index() % homes.size()));
    return CollectionConverters.asScala(home).toSeq();
  }

  private static scala.collection.immutable.Seq<Dependency<?>> dependencies(Segments segments) {
    Dependency<?> dependency = new SegmentsOfBucket(segments);
    return CollectionConverters.asScala(List.<Dependency<?>>of(dependency)).toSeq();
  }

  private static final class SegmentsOfBucket extends NarrowDependency<Shard> {
    private final int scans;
    private final int buckets;

    SegmentsOfBucket(Segments segments) {
      super(segments);
      this.scans = segments.scans();
      this.buckets = segments.buckets();
    }

    @Override
    public scala.collection.immutable.Seq<Object> getParents(int partition) {
      List<Object> parents =
          IntStream.range(0, scans)
              .mapToObj(scan -> (Object) (scan * buckets + partition))
              .toList();
      return CollectionConverters.asScala(parents).toSeq();
    }
  }
}
