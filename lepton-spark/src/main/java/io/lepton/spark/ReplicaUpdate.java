package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.spark.exchange.Address;
import io.lepton.tf.MetricSums;
import java.io.Serializable;
import java.util.Map;

/**
 * What a replica sends back: what it saw and where to fetch how its variables moved.
 *
 * @param delta of all variables; null if no step was taken
 * @param checksum of the delta; 0 if there is none
 */
record ReplicaUpdate(Outcome outcome, Address delta, long checksum) implements Serializable {
  /**
   * What a replica saw.
   *
   * @param sums over the batches it trained on or evaluated
   * @param copied bytes by reason
   * @param finite whether losses and deltas all are
   * @param executor it ran on
   * @param fetchSeconds waiting for the parameters
   * @param computeSeconds everything else
   */
  record Outcome(
      MetricSums sums,
      boolean finite,
      Map<CopyLedger.Reason, Long> copied,
      String executor,
      double fetchSeconds,
      double computeSeconds)
      implements Serializable {}

  DeltaFold.Part part() {
    return new DeltaFold.Part(delta, checksum, outcome.sums().weight());
  }
}
