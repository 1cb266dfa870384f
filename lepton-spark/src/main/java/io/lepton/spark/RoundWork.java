package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.tf.Metric;
import io.lepton.tf.MetricSums;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the replicas of a round did.
 *
 * @param sums over the batches of those that count
 * @param fetchSeconds the slowest one's wait for the parameters
 * @param stepSeconds of the steps of the one that computed longest
 * @param computeSeconds of the slowest one
 * @param copied bytes by reason
 * @param chunksLent to sessions
 * @param bytesDown of parameters, of each executor they ran on
 */
record RoundWork(
    MetricSums sums,
    double fetchSeconds,
    double stepSeconds,
    double computeSeconds,
    Map<CopyLedger.Reason, Long> copied,
    long chunksLent,
    long bytesDown) {
  static RoundWork of(List<Metric> metrics, ReplicaRuns runs) {
    MetricSums sums = new MetricSums(metrics);
    runs.counted().forEach(update -> sums.add(update.outcome().sums()));
    double fetch = 0;
    double steps = 0;
    double compute = 0;
    Map<CopyLedger.Reason, Long> copied = new EnumMap<>(CopyLedger.Reason.class);
    long lent = 0;
    Map<String, Long> down = new HashMap<>();
    for (ReplicaUpdate update : runs.updates().values()) {
      ReplicaUpdate.Outcome outcome = update.outcome();
      fetch = Math.max(fetch, outcome.fetchSeconds());
      if (outcome.computeSeconds() > compute) {
        steps = outcome.stepSeconds();
        compute = outcome.computeSeconds();
      }
      outcome.copied().forEach((reason, bytes) -> copied.merge(reason, bytes, Long::sum));
      lent += outcome.chunksLent();
      down.merge(outcome.executor(), outcome.bytesDown(), Math::max);
    }
    long bytes = down.values().stream().mapToLong(Long::longValue).sum();
    return new RoundWork(sums, fetch, steps, compute, copied, lent, bytes);
  }
}
