package io.lepton.spark.ml;

import io.lepton.spark.EpochReport;
import io.lepton.spark.TrainingResult;
import io.lepton.spark.checkpoint.CheckpointReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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
 * @param resumedFrom rounds that an earlier fit had trained, if this one went on from a checkpoint
 * @param checkpoints what became of them, if any were to be written
 */
public record TrainingSummary(
    List<EpochReport> history,
    int bestEpoch,
    double loss,
    Map<String, Double> metrics,
    long trainingRows,
    long validationRows,
    int rounds,
    double examplesPerSecond,
    OptionalInt resumedFrom,
    Optional<CheckpointReport> checkpoints) {
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
        result.examplesPerSecond(),
        result.resumedFrom(),
        result.checkpoints());
  }
}
