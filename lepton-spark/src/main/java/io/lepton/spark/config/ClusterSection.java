package io.lepton.spark.config;

import java.time.Duration;

/**
 * What is expected of the cluster.
 *
 * @param executorWait how long work may wait while there is no executor
 * @param taskTimeout how long an attempt of a task may run
 */
public record ClusterSection(Duration executorWait, Duration taskTimeout) {
  static ClusterSection read(Settings cluster) {
    return new ClusterSection(
        cluster.orDefault("executor-wait", Defaults.EXECUTOR_WAIT, Rule.time()),
        cluster.orDefault("task-timeout", Defaults.TASK_TIMEOUT, Rule.time()));
  }
}
