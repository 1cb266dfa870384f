package io.lepton.spark;

import io.lepton.tf.LearningRate;
import io.lepton.tf.schedule.Schedule;
import io.lepton.tf.schedule.Timeline;
import java.io.Serializable;

/**
 * The rates of a training.
 *
 * @param base the optimizer's own
 * @param reduction by what the driver measured so far
 */
record LearningRates(double base, Schedule schedule, Timeline timeline, double reduction)
    implements LearningRate, Serializable {

  @Override
  public float at(long step) {
    return (float) (base * reduction * schedule.factor((double) step, timeline));
  }

  /** The optimizer's own, reduced; the schedule aside. */
  double reduced() {
    return base * reduction;
  }

  LearningRates reducedTo(double factor) {
    return new LearningRates(base, schedule, timeline, factor);
  }
}
