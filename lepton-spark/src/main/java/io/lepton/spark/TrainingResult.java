package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.spark.checkpoint.CheckpointReport;
import io.lepton.spark.ingest.IngestReport;
import io.lepton.spark.ingest.Preprocessing;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.ModelSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A trained model and how it came to be.
 *
 * @param ingests of the training set, then of the validation set if that is another
 * @param preprocessing how columns became what the model sees
 * @param precision of the rounds
 * @param parameters of the best epoch, optimizer state included
 * @param epochs all of them, in order
 * @param best the epoch whose parameters these are, from 1
 * @param trainingRows in the training set
 * @param test of these parameters on the test set, if there is one
 * @param rounds of the whole training
 * @param resumedFrom rounds that an earlier run had trained
 * @param checkpoints what became of them, if any were to be written
 * @param examples trained on in the whole training
 * @param examplesPerSecond over all rounds but the first, evaluation excluded
 * @param bytesSentPerRound mean
 * @param bytesCopied of examples on the host by reason, ingest included
 */
public record TrainingResult(
    List<IngestReport> ingests,
    Preprocessing preprocessing,
    ModelSpec model,
    CompiledModel compiled,
    PrecisionReport precision,
    FlatVector parameters,
    List<EpochReport> epochs,
    int best,
    int rounds,
    OptionalInt resumedFrom,
    Optional<CheckpointReport> checkpoints,
    long trainingRows,
    long validationRows,
    Optional<Evaluation> test,
    long examples,
    double examplesPerSecond,
    long bytesSentPerRound,
    Map<CopyLedger.Reason, Long> bytesCopied,
    Map<Phase, Double> phases) {
  public TrainingResult {
    ingests = List.copyOf(ingests);
    epochs = List.copyOf(epochs);
    bytesCopied = Map.copyOf(bytesCopied);
    phases = Map.copyOf(phases);
  }

  TrainingResult tested(Evaluation evaluation) {
    return new TrainingResult(
        ingests,
        preprocessing,
        model,
        compiled,
        precision,
        parameters,
        epochs,
        best,
        rounds,
        resumedFrom,
        checkpoints,
        trainingRows,
        validationRows,
        Optional.of(evaluation),
        examples,
        examplesPerSecond,
        bytesSentPerRound,
        bytesCopied,
        phases);
  }

  /** The report of the best epoch. */
  public EpochReport bestEpoch() {
    return epochs.get(best - 1);
  }

  /** Steps of a replica without effect for gradients that were not finite, to the best epoch. */
  public double skippedSteps() {
    return new LossScaling(compiled.program()).skippedSteps(parameters);
  }

  /** SHA-256 over the weights, in hex. */
  public String parametersSha256() {
    return compiled.program().weightsSha256(parameters);
  }
}
