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
 * @param checksum of the delta as it travels; 0 if there is none
 */
record ReplicaUpdate(Outcome outcome, Address delta, long checksum) implements Serializable {
  /**
   * What a replica saw.
   *
   * @param sums over the batches it trained on or evaluated
   * @param copied bytes by reason
   * @param finite whether losses and deltas all are
   * @param squaredNorm of the delta of the weights
   * @param feedbackLost whether what a codec lost before was not in this process
   * @param chunksLent to the session, beside those that it kept from a task before
   * @param executor it ran on
   * @param fetchSeconds waiting for the parameters
   * @param computeSeconds everything else
   */
  record Outcome(
      MetricSums sums,
      boolean finite,
      double squaredNorm,
      boolean feedbackLost,
      Map<CopyLedger.Reason, Long> copied,
      long chunksLent,
      String executor,
      double fetchSeconds,
      double computeSeconds)
      implements Serializable {}
}
