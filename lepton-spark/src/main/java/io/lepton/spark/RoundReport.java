package io.lepton.spark;

import io.lepton.spark.averaging.Movement;
import java.util.SortedMap;

/**
 * How a round went.
 *
 * @param round from 1, over the whole training
 * @param rounds expected if no epoch is left out
 * @param epoch from 1
 * @param loss mean over the batches trained on, before their updates; NaN if no replica's was
 *     finite
 * @param metric the first metric of the loss, likewise
 * @param examples trained on
 * @param seconds from publishing the parameters to the folded average
 * @param broadcastSeconds publishing the parameters, and the slowest replica's wait for them
 * @param computeSeconds slowest replica's steps
 * @param traffic of parameters and deltas
 * @param bytesCopied of examples on the host
 * @param chunksLent to sessions, to be loaded or staged; on a GPU each is a copy to it
 * @param parts of the seconds
 */
public record RoundReport(
    int round,
    int rounds,
    int epoch,
    double loss,
    String metricName,
    double metric,
    long examples,
    double seconds,
    double broadcastSeconds,
    double computeSeconds,
    Traffic traffic,
    long bytesCopied,
    long chunksLent,
    Averages averages,
    Parts parts) {

  /**
   * What the seconds of a round went to.
   *
   * @param steps of the replica that took most
   * @param publishSeconds until the parameters were published
   * @param fetchSeconds of the replica that waited longest for them
   * @param stepSeconds of the steps of the replica that computed longest
   * @param foldSeconds waiting for deltas and adding them, after the last replica
   * @param treeSeconds of these until what the driver folds was there: executors folding
   *     neighbours, replicas running again
   * @param moveSeconds of the fold's for moving the parameters by the mean
   */
  public record Parts(
      long steps,
      double publishSeconds,
      double fetchSeconds,
      double stepSeconds,
      double foldSeconds,
      double treeSeconds,
      double moveSeconds) {}

  /**
   * What the average was made of.
   *
   * @param localSteps that replicas were to take
   * @param batchSize examples of a step
   * @param rate of learning in the first of them
   * @param movement of the weights; none if the round is undone
   * @param losses of the replicas that took steps, by their number
   * @param seconds of computing of the same replicas
   * @param leftOut why replicas were left out of it, by their number
   * @param memoryLost replicas whose residual or optimizer state from rounds before is gone
   * @param skippedSteps mean of the replicas' steps without effect for gradients that were not
   *     finite
   */
  public record Averages(
      long localSteps,
      int batchSize,
      double rate,
      Movement movement,
      SortedMap<Integer, Double> losses,
      SortedMap<Integer, Double> seconds,
      SortedMap<Integer, String> leftOut,
      int memoryLost,
      double skippedSteps) {

    /** Seconds of the slowest replica over those of the median one, the faster of two. */
    public double straggling() {
      double[] sorted =
          seconds.values().stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return sorted[sorted.length - 1] / sorted[(sorted.length - 1) / 2];
    }
  }

  /**
   * Bytes that travelled.
   *
   * @param bytesDown parameters, to each executor once: whole, or what has changed as it is coded
   * @param bytesUp deltas, from each replica
   * @param driverDown those down that the driver sent; executors sent the others to each other
   * @param driverUp what the driver got: deltas, or means that executors folded of them
   */
  public record Traffic(long bytesDown, long bytesUp, long driverDown, long driverUp) {}

  /** Parameters, to each executor once: whole, or what has changed as it is coded. */
  public long bytesDown() {
    return traffic.bytesDown();
  }

  /** Deltas, from each replica. */
  public long bytesUp() {
    return traffic.bytesUp();
  }

  /** Bytes both ways. */
  public long bytesSent() {
    return bytesDown() + bytesUp();
  }

  /** Examples a second. */
  public double examplesPerSecond() {
    return examples / seconds;
  }

  /** Share of the round in which no replica was computing. */
  public double syncShare() {
    return Math.max(0, 1 - computeSeconds / seconds);
  }
}
