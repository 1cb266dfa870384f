package io.lepton.spark.ingest;

import io.lepton.spark.Jobs;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Which buckets of a set an earlier run left where.
 *
 * @param homes by bucket, an executor as Spark names places; empty where no executor has it
 * @param report of the scan that made them; of nothing if none was found
 */
record KeptBuckets(List<String> homes, ScanReport report) {
  private static final String NOWHERE = "";
  private static final int TASKS_PER_EXECUTOR = 4;

  KeptBuckets {
    homes = List.copyOf(homes);
  }

  /** No bucket anywhere. */
  static KeptBuckets none(int buckets) {
    return new KeptBuckets(Collections.nCopies(buckets, NOWHERE), ScanReport.NOTHING);
  }

  /** Whether each bucket is somewhere. */
  boolean all() {
    return !homes.contains(NOWHERE);
  }

  /** The same, with buckets that are nowhere dealt to executors in turn. */
  KeptBuckets settle(List<String> executors) {
    List<String> settled = new ArrayList<>(homes);
    for (int bucket = 0; bucket < settled.size(); bucket++) {
      if (settled.get(bucket).equals(NOWHERE) && !executors.isEmpty()) {
        settled.set(bucket, executors.get(bucket % executors.size()));
      }
    }
    return new KeptBuckets(settled, report);
  }

  /**
   * Asks executors, as many as tasks happen to reach; makes room on their disks. One that is not
   * asked costs a scan, not a wrong result.
   */
  static KeptBuckets find(SparkContext spark, KeptShards kept, int buckets) {
    int executors = spark.getExecutorMemoryStatus().size();
    int tasks = spark.isLocal() ? 1 : executors * TASKS_PER_EXECUTOR;
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    JavaRDD<Integer> asked = JavaSparkContext.fromSparkContext(spark).parallelize(numbers, tasks);
    List<String> homes = new ArrayList<>(Collections.nCopies(buckets, NOWHERE));
    ScanReport[] report = {ScanReport.NOTHING};
    Jobs.run(
        asked,
        numbers,
        (context, partition) -> Answer.of(kept, buckets),
        (task, answer) -> {
          answer.buckets().forEach(bucket -> homes.set(bucket, answer.home()));
          report[0] = answer.buckets().isEmpty() ? report[0] : answer.report();
        });
    return new KeptBuckets(homes, report[0]);
  }

  /** What an executor has. */
  record Answer(String home, List<Integer> buckets, ScanReport report) implements Serializable {
    private static Answer of(KeptShards kept, int buckets) {
      List<Integer> here = IntStream.range(0, buckets).filter(kept::has).boxed().toList();
      try {
        kept.evict();
        ScanReport report = here.isEmpty() ? ScanReport.NOTHING : kept.report(here.get(0));
        return new Answer(Scanned.here(), here, report);
      } catch (IOException e) {
        return new Answer(Scanned.here(), List.of(), ScanReport.NOTHING);
      }
    }
  }
}
