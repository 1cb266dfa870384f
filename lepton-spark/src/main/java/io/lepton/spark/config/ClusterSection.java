package io.lepton.spark.config;

import java.time.Duration;

/**
 * What is expected of the cluster.
 *
 * @param executorWait how long work may wait while there is no executor
 */
public record ClusterSection(Duration executorWait) {
  static ClusterSection read(Settings cluster) {
    return new ClusterSection(
        cluster.orDefault("executor-wait", Defaults.EXECUTOR_WAIT, Rule.time()));
  }
}
