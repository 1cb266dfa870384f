package io.lepton.spark.ingest;

import io.lepton.spark.Jobs;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;

/**
 * Turns a DataFrame into shards, once: each task of the scan decodes its rows straight into mapped
 * files, one or more for each bucket, and the buckets take them over.
 *
 * <p>Which row goes to which bucket and in which order depends on the seed and the partitions of
 * the scan only, never on executors or on what arrives first.
 */
public final class Ingest implements AutoCloseable {
  private final JavaRDD<Shard> shards;
  private final Broadcast<?> recipe;
  private final ShardSet training;
  private final ShardSet validation;
  private final ScanReport report;
  private final boolean reused;
  private final long damaged;
  private final long moved;

  private Ingest(
      JavaRDD<Shard> shards,
      Broadcast<?> recipe,
      Deal deal,
      List<List<Integer>> chunkRows,
      ScanReport report,
      boolean reused,
      long damaged,
      long moved) {
    this.shards = shards;
    this.recipe = recipe;
    this.training = new ShardSet(shards, 0, chunkRows.subList(0, deal.training()));
    this.validation =
        new ShardSet(shards, deal.training(), chunkRows.subList(deal.training(), deal.buckets()));
    this.report = report;
    this.reused = reused;
    this.damaged = damaged;
    this.moved = moved;
  }

  /**
   * Ingests all rows into as many buckets.
   *
   * @param source what to call the data in errors
   * @param storage of the shards
   * @throws DataException if rows break rules, naming all of them
   */
  public static Ingest whole(
      String source,
      Dataset<Row> data,
      DataBinding binding,
      long seed,
      int buckets,
      ShardStorage storage) {
    return run(source, data, binding, new Deal(seed, buckets, 0, 0), storage);
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
      ShardStorage storage) {
    return run(
        source, data, binding, new Deal(seed, buckets, buckets, validationFraction), storage);
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

  /** Bytes decoded, the same number as was then written to shards. */
  public long decodedBytes() {
    return report.bytes();
  }

  /** Bytes of shards that were fetched from other processes. */
  public long movedBytes() {
    return moved;
  }

  /** What came of it. */
  public IngestReport report() {
    return new IngestReport(report.rows(), reused, damaged, report.missing());
  }

  /** Drops the shards: their memory, and their files unless they are to be found again. */
  @Override
  public void close() {
    shards.unpersist(true);
    recipe.destroy();
  }

  private static Ingest run(
      String source, Dataset<Row> data, DataBinding binding, Deal deal, ShardStorage storage) {
    SourceScan scan = new SourceScan(data, binding);
    JavaRDD<?> rows = scan.columnar() ? scan.batches() : scan.rows();
    SparkContext spark = rows.context();
    KeptShards kept = kept(scan.selected(), binding, deal, rows.getNumPartitions(), storage);
    KeptBuckets found =
        kept == null
            ? KeptBuckets.none(deal.buckets())
            : KeptBuckets.find(spark, kept, deal.buckets());
    Broadcast<Segments.Recipe> recipe =
        JavaSparkContext.fromSparkContext(spark)
            .broadcast(
                new Segments.Recipe(
                    List.of(rows.rdd().partitions()),
                    scan.columnar(),
                    binding,
                    deal,
                    new ShardDirectory(storage.directory())));
    Segments segments = new Segments(rows.rdd(), recipe);
    segments.persist(StorageLevel.MEMORY_ONLY());
    LongAccumulator damaged = spark.longAccumulator();
    LongAccumulator moved = spark.longAccumulator();
    try {
      Set<String> executors = new TreeSet<>();
      ScanReport report =
          found.all() ? found.report() : scan(rows, segments.id(), recipe, executors);
      if (!report.defects().all().isEmpty()) {
        throw new DataException(source, List.copyOf(report.defects().all()));
      }
      List<String> homes = found.settle(Executors.of(spark, executors)).homes();
      Buckets buckets = new Buckets(segments, recipe, homes, kept, damaged, moved, report);
      buckets.setName("shards of " + source).persist(StorageLevel.MEMORY_ONLY());
      JavaRDD<Shard> shards = buckets.toJavaRDD();
      try {
        List<List<Integer>> chunkRows = materialize(shards, deal.buckets());
        return new Ingest(
            shards, recipe, deal, chunkRows, report, found.all(), damaged.value(), moved.value());
      } catch (RuntimeException e) {
        shards.unpersist(true);
        throw e;
      }
    } finally {
      segments.unpersist(true);
    }
  }

  private static KeptShards kept(
      Dataset<Row> data, DataBinding binding, Deal deal, int partitions, ShardStorage storage) {
    return storage.directory() == null || storage.maxBytes() == 0
        ? null
        : SetKey.of(data, binding, deal, partitions)
            .map(key -> new KeptShards(storage.directory(), key, storage.maxBytes()))
            .orElse(null);
  }

  private static <T> ScanReport scan(
      JavaRDD<T> rows, int segments, Broadcast<Segments.Recipe> recipe, Set<String> homes) {
    TreeMap<Integer, ScanReport> reports = new TreeMap<>();
    Jobs.run(
        rows,
        IntStream.range(0, rows.getNumPartitions()).boxed().toList(),
        (context, partition) ->
            new Scanned(Segments.scan(context, partition, segments, recipe), Scanned.here()),
        (partition, scanned) -> {
          reports.put(partition, scanned.report());
          homes.add(scanned.home());
        });
    return reports.values().stream().reduce(ScanReport.NOTHING, ScanReport::plus);
  }

  private static List<List<Integer>> materialize(JavaRDD<Shard> shards, int buckets) {
    List<List<Integer>> chunkRows = new ArrayList<>();
    IntStream.range(0, buckets).forEach(bucket -> chunkRows.add(List.of()));
    Jobs.run(
        shards,
        IntStream.range(0, buckets).boxed().toList(),
        (context, partition) -> chunkRows(partition),
        (bucket, rows) -> chunkRows.set(bucket, IntStream.of(rows).boxed().toList()));
    return chunkRows;
  }

  private static int[] chunkRows(Iterator<Shard> shards) {
    IntStream.Builder rows = IntStream.builder();
    while (shards.hasNext()) {
      shards.next().chunks().forEach(chunk -> rows.add(chunk.rows()));
    }
    return rows.build().toArray();
  }
}
