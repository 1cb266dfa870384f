package io.lepton.spark;

import io.lepton.spark.averaging.Rollback;
import io.lepton.spark.averaging.Spike;
import io.lepton.spark.averaging.SpikeWatch;

/** What a training turns by itself; a listener is told of each turn and why. One thread. */
final class Knobs {
  private final SpikeWatch spikes;
  private final RoundTally tally;
  private final TrainingListener listener;
  private LearningRates rates;
  private double plateauFactor = 1;

  /**
   * Nothing turned yet.
   *
   * @param tally of the rounds that knobs hold for
   */
  Knobs(Rollback rollback, LearningRates rates, RoundTally tally, TrainingListener listener) {
    this.spikes = new SpikeWatch(rollback);
    this.rates = rates;
    this.tally = tally;
    this.listener = listener;
  }

  /** Rates of the next rounds. */
  LearningRates rates() {
    return rates;
  }

  /** Finds losses that run away. */
  SpikeWatch spikes() {
    return spikes;
  }

  /** Multiplies the rates of the next rounds by a factor, in place of the one before. */
  void reduceRates(double factor, String reason) {
    double before = rates.reduced();
    resume(factor, spikes.state());
    turned(Adaptation.LEARNING_RATE, before, rates.reduced(), reason);
  }

  /** Tells of the size of the next rounds' batches. */
  void batchSize(int from, int to, String reason) {
    turned(Adaptation.BATCH_SIZE, from, to, reason);
  }

  /** Goes on with what earlier rounds did to the rates. */
  void resume(double factor, SpikeWatch.State state) {
    plateauFactor = factor;
    spikes.restore(state);
    rates = rates.reducedTo(plateauFactor * spikes.rateFactor());
  }

  /**
   * The training went back because of a spike.
   *
   * @throws DivergenceException if it did so too often
   */
  void rolledBack(Spike spike) {
    if (!spikes.isPatient()) {
      throw new DivergenceException(spike, spikes.state().rollbacks(), rates.reduced());
    }
    spikes.rolledBack();
    listener.rolledBack(spike);
    reduceRates(plateauFactor, spike.reason());
  }

  /** Tells of the next round's steps. */
  void localSteps(long from, long to, String reason) {
    turned(Adaptation.LOCAL_STEPS, (double) from, (double) to, reason);
  }

  /** Tells what steps did to the scale of the loss. */
  void lossScale(double from, double to) {
    turned(
        Adaptation.LOSS_SCALE,
        from,
        to,
        to < from ? "gradients were not finite" : "gradients were finite for many steps in a row");
  }

  private void turned(String knob, double from, double to, String reason) {
    if (from != to) {
      listener.adapted(new Adaptation(knob, from, to, reason, tally.rounds() + 1));
    }
  }
}
