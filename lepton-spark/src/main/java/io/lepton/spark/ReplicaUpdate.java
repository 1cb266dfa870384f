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
 * @param kept where the replica has what it keeps for its next round; null if that is nothing
 */
record ReplicaUpdate(Outcome outcome, Address delta, long checksum, Address kept)
    implements Serializable {
  /**
   * What a replica saw.
   *
   * @param sums over the batches it trained on or evaluated
   * @param copied bytes by reason
   * @param finite whether losses and deltas all are
   * @param squaredNorm of the delta of the weights
   * @param memoryLost whether what the replica kept of its rounds before is gone
   * @param chunksLent to the session, beside those that it kept from a task before
   * @param executor it ran on
   * @param bytesDown of the parameters, fetched once for all tasks of the executor
   * @param fetchSeconds waiting for the parameters
   * @param stepSeconds of its steps, chunks loaded for them included
   * @param computeSeconds all but waiting for the parameters
   */
  record Outcome(
      MetricSums sums,
      boolean finite,
      double squaredNorm,
      boolean memoryLost,
      Map<CopyLedger.Reason, Long> copied,
      long chunksLent,
      String executor,
      long bytesDown,
      double fetchSeconds,
      double stepSeconds,
      double computeSeconds)
      implements Serializable {}
}
