package io.lepton.spark.ml;

import io.lepton.spark.EpochReport;
import io.lepton.spark.TrainingResult;
import java.util.List;
import java.util.Map;

/**
 * How a training went.
 *
 * @param history of all epochs, in order
 * @param bestEpoch number of the one whose parameters the model has, from 1
 * @param loss of it, on the validation set
 * @param metrics of it, on the validation set
 * @param trainingRows rows trained on
 * @param validationRows rows validated on
 * @param rounds of averaging
 * @param examplesPerSecond in steady state
 */
public record TrainingSummary(
    List<EpochReport> history,
    int bestEpoch,
    double loss,
    Map<String, Double> metrics,
    long trainingRows,
    long validationRows,
    int rounds,
    double examplesPerSecond) {
  public TrainingSummary {
    history = List.copyOf(history);
    metrics = Map.copyOf(metrics);
  }

  static TrainingSummary of(TrainingResult result) {
    EpochReport best = result.bestEpoch();
    return new TrainingSummary(
        result.epochs(),
        best.epoch(),
        best.loss(),
        best.metrics(),
        result.trainingRows(),
        result.validationRows(),
        result.rounds(),
        result.examplesPerSecond());
  }
}
