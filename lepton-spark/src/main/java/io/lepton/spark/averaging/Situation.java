package io.lepton.spark.averaging;

import io.lepton.tf.schedule.Timeline;

/**
 * What the driver knows before a round.
 *
 * @param step taken by the longest replica so far, over the whole training
 * @param timeline of the whole training
 * @param rate of learning at that step
 * @param replicas that take part
 * @param last the round before; null before the first
 */
public record Situation(long step, Timeline timeline, double rate, int replicas, LastRound last) {

  /**
   * How the round before went.
   *
   * @param localSteps it was asked for
   * @param stepSeconds of the slowest replica
   * @param syncSeconds in which no replica computed
   * @param disagreement of the replicas, see {@link Movement#disagreement}
   */
  public record LastRound(
      long localSteps, double stepSeconds, double syncSeconds, double disagreement) {
    /** Share of the time that averaging takes after so many steps. */
    double syncShare() {
      return syncSeconds / (syncSeconds + localSteps * stepSeconds);
    }
  }
}
