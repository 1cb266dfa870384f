package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.tf.Metric;
import io.lepton.tf.MetricSums;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the replicas of a round did.
 *
 * @param sums over the batches of those that count
 * @param fetchSeconds the slowest one's wait for the parameters
 * @param computeSeconds of the slowest one
 * @param copied bytes by reason
 * @param chunksLent to sessions
 * @param executors they ran on
 */
record RoundWork(
    MetricSums sums,
    double fetchSeconds,
    double computeSeconds,
    Map<CopyLedger.Reason, Long> copied,
    long chunksLent,
    int executors) {
  static RoundWork of(List<Metric> metrics, ReplicaRuns runs) {
    MetricSums sums = new MetricSums(metrics);
    runs.counted().forEach(update -> sums.add(update.outcome().sums()));
    double fetch = 0;
    double compute = 0;
    Map<CopyLedger.Reason, Long> copied = new EnumMap<>(CopyLedger.Reason.class);
    long lent = 0;
    Set<String> executors = new HashSet<>();
    for (ReplicaUpdate update : runs.updates().values()) {
      ReplicaUpdate.Outcome outcome = update.outcome();
      fetch = Math.max(fetch, outcome.fetchSeconds());
      compute = Math.max(compute, outcome.computeSeconds());
      outcome.copied().forEach((reason, bytes) -> copied.merge(reason, bytes, Long::sum));
      lent += outcome.chunksLent();
      executors.add(outcome.executor());
    }
    return new RoundWork(sums, fetch, compute, copied, lent, executors.size());
  }
}
