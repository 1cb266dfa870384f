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
 * @param pace of the schedule in the epoch of the steps that are asked for
 */
record LearningRates(double base, Schedule schedule, Timeline timeline, double reduction, Pace pace)
    implements LearningRate, Serializable {

  @Override
  public float at(long step) {
    return (float) (base * reduction * schedule.factor(pace.at(step), timeline));
  }

  /** The optimizer's own, reduced; the schedule aside. */
  double reduced() {
    return base * reduction;
  }

  LearningRates reducedTo(double factor) {
    return new LearningRates(base, schedule, timeline, factor, pace);
  }

  /** Those of the steps of an epoch. */
  LearningRates at(Pace epoch) {
    return new LearningRates(base, schedule, timeline, reduction, epoch);
  }
}
