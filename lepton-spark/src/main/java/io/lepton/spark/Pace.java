package io.lepton.spark;

import java.io.Serializable;

/**
 * Where a schedule stands at the steps of an epoch. Its clock counts steps of the first batch size,
 * so that it goes by examples seen: a batch that grows makes it neither slower nor faster.
 *
 * @param first step of the epoch, over the whole training
 * @param start of the epoch on the schedule's clock
 * @param ratio of the clock to the steps in this epoch
 */
record Pace(long first, long start, double ratio) implements Serializable {
  /** That of a batch of one size. */
  static final Pace EVEN = new Pace(0, 0, 1);

  /** The clock at a step of the epoch. */
  double at(long step) {
    return start + (step - first) * ratio;
  }
}
