package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.TrainingOptions.EarlyStopping;
import io.lepton.tf.model.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the epochs of a training came to: the best parameters, and what follows from the metrics for
 * the epochs to come. One thread.
 */
final class EpochLog {
  private final String metric;
  private final int most;
  private final Optional<EarlyStopping> stopping;
  private final EpochKnobs knobs;
  private final List<EpochReport> reports = new ArrayList<>();
  private FlatVector best;
  private int bestEpoch;

  /**
   * No epoch yet.
   *
   * @param metric that says which epoch is the best
   */
  EpochLog(TrainingOptions options, String metric) {
    this.metric = metric;
    this.most = options.epochs();
    this.stopping = options.stopping();
    this.knobs = new EpochKnobs(options, metric);
  }

  /** Whether another epoch is to be trained. */
  boolean goesOn() {
    return reports.size() < most && !isStopped();
  }

  /** Whether a value is better than that of every epoch so far. */
  boolean isBetter(double value) {
    return bestEpoch == 0 || isBetter(metric, value, reports.get(bestEpoch - 1).value(metric));
  }

  static boolean isBetter(String metric, double value, double than) {
    if (Double.isNaN(than)) {
      return !Double.isNaN(value);
    }
    return Loss.higherIsBetter(metric) ? value > than : value < than;
  }

  /** Adds the next epoch. */
  void add(EpochReport report, FlatVector parameters) {
    reports.add(report);
    if (report.best()) {
      best = parameters;
      bestEpoch = report.epoch();
    }
    knobs.after(report.epoch(), report.best());
  }

  String metric() {
    return metric;
  }

  /** What follows for the next rounds. */
  EpochKnobs knobs() {
    return knobs;
  }

  /** What the last epoch is worth, larger for better; NaN before the first. */
  double score() {
    if (reports.isEmpty()) {
      return Double.NaN;
    }
    double value = reports.get(reports.size() - 1).value(metric);
    return Loss.higherIsBetter(metric) ? value : -value;
  }

  List<EpochReport> reports() {
    return List.copyOf(reports);
  }

  /** Parameters of the best epoch. */
  Optional<FlatVector> best() {
    return Optional.ofNullable(best);
  }

  /** The best epoch, from 1; 0 before the first. */
  int bestEpoch() {
    return bestEpoch;
  }

  private boolean isStopped() {
    return bestEpoch > 0
        && stopping.filter(it -> reports.size() - bestEpoch >= it.patience()).isPresent();
  }
}
