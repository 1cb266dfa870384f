package io.lepton.spark;

import org.apache.spark.SparkContext;

/**
 * What a training can run on.
 *
 * @param executors processes
 * @param cores of all of them
 * @param local whether the driver is the executor, so that nothing travels
 */
public record ClusterSize(int executors, int cores, boolean local) {
  /** What a context has now; one executor if none has registered yet. */
  public static ClusterSize of(SparkContext spark) {
    int executors = Math.max(1, spark.statusTracker().getExecutorInfos().length - 1);
    return new ClusterSize(
        executors, Math.max(executors, spark.defaultParallelism()), spark.isLocal());
  }
}
