package io.lepton.spark;

import io.lepton.tf.schedule.Schedule.Plateau;
import java.util.Optional;

/**
 * What epochs make of the rates and of the batch's size: a function of which were the best so far,
 * so that a training that goes on finds the same. Driver's state; one thread.
 */
final class EpochKnobs {
  private final Optional<Plateau> plateau;
  private final Optional<PlateauWatch> watch;
  private final Optional<BatchGrowth> growth;
  private final String metric;
  private double rateFactor = 1;
  private int batchSize;
  private String rateReason = "";
  private String batchReason = "";

  /**
   * Before the first epoch.
   *
   * @param metric that says which epoch is the best
   */
  EpochKnobs(TrainingOptions options, String metric) {
    this.plateau = options.schedule().plateau();
    this.watch = plateau.map(PlateauWatch::new);
    this.growth = options.growth();
    this.metric = metric;
    this.batchSize = options.batchSize();
  }

  /**
   * An epoch ended.
   *
   * @param epoch from 1
   * @param better whether its value was the best so far
   */
  void after(int epoch, boolean better) {
    if (watch.filter(it -> it.endsWith(better)).isPresent()) {
      Plateau rule = plateau.orElseThrow();
      String reason = "%s has not become better for %d epochs".formatted(metric, rule.patience());
      if (growth.filter(BatchGrowth::followsPlateau).isPresent()) {
        growOrLower(rule.decay(), rule.least(), reason);
      } else {
        lower(rule.decay(), rule.least(), reason);
      }
    }
    if (growth.filter(it -> it.isDue(epoch)).isPresent()) {
      growOrLower(1 / growth.get().factor(), 0, "epoch %d is over".formatted(epoch));
    }
  }

  private void growOrLower(double decay, double least, String reason) {
    int next = growth.orElseThrow().next(batchSize);
    if (next == batchSize) {
      lower(decay, least, reason + ", and the batch has all the examples that it may have");
    } else {
      batchSize = next;
      batchReason = reason;
    }
  }

  private void lower(double decay, double least, String reason) {
    rateFactor = Math.max(Math.min(rateFactor, least), rateFactor * decay);
    rateReason = reason;
  }

  /** Factor of the rates of the next rounds. */
  double rateFactor() {
    return rateFactor;
  }

  /** Why they were lowered the last time. */
  String rateReason() {
    return rateReason;
  }

  /** Examples of the next rounds' batches. */
  int batchSize() {
    return batchSize;
  }

  /** Why they became more the last time. */
  String batchReason() {
    return batchReason;
  }
}
