package io.lepton.spark;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What a training can run on.
 *
 * @param executors processes
 * @param cores of all of them
 * @param taskCpus cores that a task takes, {@code spark.task.cpus}
 * @param slots tasks that run at a time on all of them
 * @param gpus whether tasks are given GPUs
 * @param local whether the driver is the executor, so that nothing travels
 */
public record ClusterSize(
    int executors, int cores, int taskCpus, int slots, boolean gpus, boolean local) {
  /** What a context has now; one executor if none has registered yet. */
  public static ClusterSize of(SparkContext spark) {
    int executors = Math.max(1, spark.statusTracker().getExecutorInfos().length - 1);
    return of(
        spark.getConf(),
        executors,
        Math.max(executors, spark.defaultParallelism()),
        spark.isLocal());
  }

  /**
   * What a context is to have: executors and cores as they were asked for, however few have
   * registered yet, else those of now once there is one.
   */
  public static ClusterSize asked(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    int each = conf.getInt("spark.executor.cores", 0);
    int executors = conf.getInt("spark.executor.instances", 0);
    int most = conf.getInt("spark.cores.max", 0);
    if (!spark.isLocal() && each > 0 && (executors > 0 || most >= each)) {
      int all = executors > 0 ? executors : most / each;
      return of(conf, all, all * each, false);
    }
    if (!spark.isLocal()) {
      Jobs.run(
          spark.parallelize(List.of(0), 1),
          List.of(0),
          (context, none) -> true,
          (place, done) -> {});
    }
    return of(spark.sc());
  }

  static ClusterSize of(SparkConf conf, int executors, int cores, boolean local) {
    int cpus = conf.getInt("spark.task.cpus", 1);
    int slots = cpus == 1 ? cores : executors * Math.max(1, cores / executors / cpus);
    double gpusOfTask = conf.getDouble("spark.task.resource.gpu.amount", 0);
    if (gpusOfTask > 0) {
      double gpus = conf.getDouble("spark.executor.resource.gpu.amount", 1);
      slots = Math.min(slots, executors * Math.max(1, (int) (gpus / gpusOfTask)));
    }
    return new ClusterSize(executors, cores, cpus, slots, gpusOfTask > 0, local);
  }
}
