package io.lepton.spark.ingest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The shards of each bucket, those of the scan's first partition first: those that an earlier run
 * kept, or else those of the segments, taken over as they are where they lie in the same process
 * and fetched once where not.
 */
final class Buckets extends RDD<Shard> {
  private static final Logger LOG = LoggerFactory.getLogger(Buckets.class);

  private final Segments segments;
  private final List<String> homes;
  private final Broadcast<Segments.Recipe> recipe;
  private final KeptShards kept;
  private final LongAccumulator damaged;
  private final LongAccumulator moved;
  private final ScanReport report;

  /**
   * Buckets of segments.
   *
   * @param homes the place that each bucket is best put together at, as Spark names it; empty for
   *     any
   * @param kept where buckets of an earlier run may lie; null for nowhere
   * @param damaged counts those that did but were damaged
   * @param moved counts bytes of shards that were fetched from other processes
   * @param report of the scan, to be kept with them
   */
  Buckets(
      Segments segments,
      Broadcast<Segments.Recipe> recipe,
      List<String> homes,
      KeptShards kept,
      LongAccumulator damaged,
      LongAccumulator moved,
      ScanReport report) {
    super(segments.context(), dependencies(segments), Segments.SHARD);
    this.segments = segments;
    this.recipe = recipe;
    this.homes = List.copyOf(homes);
    this.kept = kept;
    this.damaged = damaged;
    this.moved = moved;
    this.report = report;
  }

  @Override
  public scala.collection.Iterator<Shard> compute(Partition split, TaskContext context) {
    Handover shards = new Handover(context);
    Optional<List<Shard>> found = find(split.index());
    if (found.isPresent()) {
      found.get().forEach(shards::add);
      return CollectionConverters.asScala(shards);
    }
    for (int scan = 0; scan < segments.scans(); scan++) {
      Partition segment = new IndexedPartition(segments.partition(scan, split.index()));
      scala.collection.Iterator<Shard> parts = segments.iterator(segment, context);
      while (parts.hasNext()) {
        Shard shard = parts.next();
        moved.add(shard.movedBytes());
        shards.add(shard.moved() ? shard.settle() : shard.share());
      }
    }
    keep(split.index(), shards.all());
    return CollectionConverters.asScala(shards);
  }

  private Optional<List<Shard>> find(int bucket) {
    if (kept == null) {
      return Optional.empty();
    }
    try {
      return kept.open(bucket, recipe.value().directory());
    } catch (IOException e) {
      LOG.warn("shards of an earlier run are made anew: {}", e.getMessage());
      damaged.add(1);
      return Optional.empty();
    }
  }

  private void keep(int bucket, List<Shard> shards) {
    if (kept == null) {
      return;
    }
    try {
      kept.keep(bucket, shards, report);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("shards are not kept for the next run: {}", e.toString());
    }
  }

  @Override
  public Partition[] getPartitions() {
    return IndexedPartition.some(segments.buckets());
  }

  @Override
  public scala.collection.immutable.Seq<String> getPreferredLocations(Partition split) {
    String home = homes.get(split.index());
    List<String> known = home.isEmpty() ? List.of() : List.of(home);
    return CollectionConverters.asScala(known).toSeq();
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
