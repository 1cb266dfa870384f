package io.lepton.spark;

import io.lepton.tf.schedule.Schedule;

/**
 * Lowers the learning rate when a metric has stopped becoming better. Driver's state; one thread.
 */
final class PlateauWatch {
  private final Schedule.Plateau plateau;
  private double factor = 1;
  private int waited;

  PlateauWatch(Schedule.Plateau plateau) {
    this.plateau = plateau;
  }

  /**
   * The factor of the rates after an epoch.
   *
   * @param better whether its value was the best so far
   */
  double after(boolean better) {
    waited = better ? 0 : waited + 1;
    if (waited == plateau.patience()) {
      factor = Math.max(plateau.least(), factor * plateau.decay());
      waited = 0;
    }
    return factor;
  }

  /** Epochs that it waits. */
  int patience() {
    return plateau.patience();
  }
}
