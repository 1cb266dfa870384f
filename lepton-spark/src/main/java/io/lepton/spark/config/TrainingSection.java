package io.lepton.spark.config;

import io.lepton.spark.Objective;
import io.lepton.spark.PrecisionChoice;
import io.lepton.spark.TrainingOptions.EarlyStopping;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a job trains.
 *
 * @param epochs passes over the training set, at most
 * @param batchSize examples of one local step of one replica
 * @param precision of a step
 * @param float32Layers patterns of layers that stay in float32 in a mixed one
 * @param objectives one for each label
 * @param optimizer of the local steps
 * @param learning what happens around the optimizer's rule
 * @param earlyStopping when to stop before the last epoch; empty for never
 */
public record TrainingSection(
    int epochs,
    int batchSize,
    PrecisionChoice precision,
    List<String> float32Layers,
    List<Objective> objectives,
    Optimizer optimizer,
    LearningSection learning,
    Optional<EarlyStopping> earlyStopping) {

  public TrainingSection {
    float32Layers = List.copyOf(float32Layers);
    objectives = List.copyOf(objectives);
  }

  /**
   * Reads the section.
   *
   * @param labels of the data
   * @param choice of the loss of a single label
   * @param layers of the model
   * @param labelsAreRight whether they may be compared with the loss
   */
  static TrainingSection read(
      Settings training,
      List<LabelSection> labels,
      LossChoice choice,
      List<Node> layers,
      boolean labelsAreRight) {
    int epochs = training.orDefault("epochs", Defaults.EPOCHS, Rule.integer(1));
    int batchSize = training.orDefault("batch-size", Defaults.BATCH_SIZE, Rule.integer(1));
    PrecisionChoice precision =
        training.orDefault("precision", Defaults.PRECISION, Rule.word(PrecisionChoice.class));
    List<Objective> objectives =
        labelsAreRight && training.noneWrong(LossSection.KEY)
            ? labels.stream()
                .map(label -> label.objective(choice, training, layers))
                .flatMap(Optional::stream)
                .toList()
            : List.of();
    return new TrainingSection(
        epochs,
        batchSize,
        precision,
        float32Layers(training, precision),
        objectives,
        OptimizerSection.read(training.section("optimizer")),
        LearningSection.read(training, batchSize, epochs),
        training.optionalSection("early-stopping").map(it -> earlyStopping(it, objectives)));
  }

  /** The choice of the loss of a single label; several have theirs themselves. */
  static LossChoice loss(Settings training, List<LabelSection> labels) {
    return labels.stream().anyMatch(label -> label.loss().isPresent())
        ? new LossChoice(Defaults.LOSS, LossOptions.DEFAULTS)
        : LossSection.read(training);
  }

  private static List<String> float32Layers(Settings training, PrecisionChoice precision) {
    List<String> patterns =
        training.optional("float32-layers", Rule.oneOrMore(Rule.text())).orElse(List.of());
    if (!patterns.isEmpty() && !precision.isMixed()) {
      training.refuse(
          "float32-layers",
          "must not be set unless training.precision is mixed-bfloat16 or mixed-float16",
          "set one of these, or leave it out");
      return List.of();
    }
    return patterns;
  }

  private static EarlyStopping earlyStopping(Settings stopping, List<Objective> objectives) {
    Rule<String> metric = objectives.isEmpty() ? Rule.text() : metricOf(objectives);
    return new EarlyStopping(
        stopping.orDefault("metric", metric.standIn(), metric),
        stopping.orDefault("patience", Defaults.PATIENCE, Rule.integer(1)));
  }

  /** The first metric of the only loss stands in; of several the loss itself. */
  private static Rule<String> metricOf(List<Objective> objectives) {
    Map<String, Loss> losses = new LinkedHashMap<>();
    objectives.forEach(objective -> losses.put(objective.label(), objective.loss()));
    List<String> metrics = new ArrayList<>(Loss.metrics(losses));
    metrics.add(losses.size() == 1 ? metrics.size() : 0, "loss");
    return Rule.oneOf(metrics, Function.identity());
  }
}
