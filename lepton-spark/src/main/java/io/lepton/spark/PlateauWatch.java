package io.lepton.spark;

import io.lepton.tf.schedule.Schedule;

/** Tells when a metric has stopped becoming better. Driver's state; one thread. */
final class PlateauWatch {
  private final Schedule.Plateau plateau;
  private int waited;

  PlateauWatch(Schedule.Plateau plateau) {
    this.plateau = plateau;
  }

  /**
   * Whether patience has ended with an epoch; it then begins again.
   *
   * @param better whether the epoch's value was the best so far
   */
  boolean endsWith(boolean better) {
    waited = better ? 0 : waited + 1;
    boolean ends = waited == plateau.patience();
    waited = ends ? 0 : waited;
    return ends;
  }
}
