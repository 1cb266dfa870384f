package io.lepton.spark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Measures jobs of tasks that do nothing. */
public final class EmptyJobs {
  private static final int MANY = 64;
  private static final int TIMES = 7;

  private EmptyJobs() {}

  /** Seconds that one more task costs a job, a median, at least a microsecond. */
  public static double taskSeconds(JavaSparkContext spark) {
    JavaRDD<Integer> rdd = spark.parallelize(List.of(0), MANY);
    double[] more = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      run(rdd, MANY);
    }
    for (int i = 0; i < TIMES; i++) {
      more[i] = (run(rdd, MANY) - run(rdd, 1)) / (MANY - 1);
    }
    Arrays.sort(more);
    return Math.max(1e-6, more[TIMES / 2]);
  }

  private static double run(JavaRDD<Integer> rdd, int tasks) {
    long start = System.nanoTime();
    Jobs.run(
        rdd,
        IntStream.range(0, tasks).boxed().toList(),
        (context, none) -> true,
        (place, done) -> {});
    return (System.nanoTime() - start) / 1e9;
  }
}
