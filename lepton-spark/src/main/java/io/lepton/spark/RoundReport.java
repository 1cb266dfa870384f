package io.lepton.spark;

/**
 * How a round went.
 *
 * @param round from 1, over the whole training
 * @param rounds expected if no epoch is left out
 * @param epoch from 1
 * @param loss mean over the batches trained on, before their updates
 * @param metric the first metric of the loss, likewise
 * @param examples trained on
 * @param seconds from publishing the parameters to the folded average
 * @param broadcastSeconds publishing the parameters, and the slowest replica's wait for them
 * @param computeSeconds slowest replica's steps
 * @param bytesSent parameters down to each executor once, deltas up from each replica
 * @param bytesCopied of examples on the host
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
    long bytesSent,
    long bytesCopied) {

  /** Examples a second. */
  public double examplesPerSecond() {
    return examples / seconds;
  }

  /** Share of the round in which no replica was computing. */
  public double syncShare() {
    return Math.max(0, 1 - computeSeconds / seconds);
  }
}
