package io.lepton.jobs.config;

import io.lepton.spark.TrainingOptions.EarlyStopping;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a job trains.
 *
 * @param epochs passes over the training set, at most
 * @param batchSize examples of one local step of one replica
 * @param precision of a step
 * @param loss to lower
 * @param optimizer of the local steps
 * @param earlyStopping when to stop before the last epoch; empty for never
 */
public record TrainingSection(
    int epochs,
    int batchSize,
    Precision precision,
    Loss loss,
    Optimizer optimizer,
    Optional<EarlyStopping> earlyStopping) {

  private static final String LOSS = "loss";
  private static final Loss STAND_IN = new Loss.SquaredError();

  /**
   * Reads the section.
   *
   * @param lossOf the loss that a choice comes to; empty if that cannot be told for a problem
   */
  static TrainingSection read(Settings training, Function<LossChoice, Optional<Loss>> lossOf) {
    int epochs = training.orDefault("epochs", Defaults.EPOCHS, Rule.integer(1));
    int batchSize = training.orDefault("batch-size", Defaults.BATCH_SIZE, Rule.integer(1));
    Precision precision =
        training.orDefault("precision", Defaults.PRECISION, Rule.word(Precision.class));
    LossChoice choice = training.orDefault(LOSS, Defaults.LOSS, Rule.word(LossChoice.class));
    Optional<Loss> loss = training.noneWrong(LOSS) ? lossOf.apply(choice) : Optional.empty();
    return new TrainingSection(
        epochs,
        batchSize,
        precision,
        loss.orElse(STAND_IN),
        OptimizerSection.read(training.section("optimizer")),
        training.optionalSection("early-stopping").map(it -> earlyStopping(it, loss)));
  }

  private static EarlyStopping earlyStopping(Settings stopping, Optional<Loss> loss) {
    Rule<String> metric = loss.map(TrainingSection::metricOf).orElse(Rule.text());
    return new EarlyStopping(
        stopping.orDefault("metric", metric.standIn(), metric),
        stopping.orDefault("patience", Defaults.PATIENCE, Rule.integer(1)));
  }

  /** The first metric of the loss stands in. */
  private static Rule<String> metricOf(Loss loss) {
    List<String> metrics = new ArrayList<>(loss.metrics());
    metrics.add(LOSS);
    return Rule.oneOf(metrics, Function.identity());
  }
}
