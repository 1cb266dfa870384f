package io.lepton.spark.config;

import io.lepton.spark.Objective;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A label and what learning it means, as far as its own settings tell.
 *
 * @param spec where it comes from
 * @param output the layer whose output the loss sees; empty for the last
 * @param weight factor in the loss of the model
 * @param classWeights of examples of each class; empty for none
 * @param balanced whether the training set decides them
 * @param loss the choice among several labels; empty for a single one, whose loss the training
 *     section has
 * @param settings it was read from
 */
record LabelSection(
    LabelSpec spec,
    String output,
    double weight,
    List<Double> classWeights,
    boolean balanced,
    Optional<LossChoice> loss,
    Settings settings) {
  private static final String CLASS_WEIGHTS = "class-weights";
  private static final String BALANCED = "balanced";
  private static final Rule<Object> WEIGHTS =
      Rule.either(
          Rule.listOf(Rule.number(Range.NOT_NEGATIVE)),
          Rule.oneOf(List.of(BALANCED), Function.identity()));

  private static final LabelSpec STAND_IN = LabelSpec.of("label", 0);

  /** All labels of a job: the only one, or those by name. */
  static List<LabelSection> read(Settings data) {
    if (!data.has("labels")) {
      return List.of(read(LabelSpec.ONLY, data.section("label"), true));
    }
    data.exactlyOne("label", "labels");
    List<LabelSection> labels = new ArrayList<>();
    for (Map.Entry<String, Settings> label : data.section("labels").named().entrySet()) {
      labels.add(read(label.getKey(), label.getValue(), false));
    }
    return labels;
  }

  private static LabelSection read(String name, Settings label, boolean only) {
    label.exactlyOne("column", "input");
    String column = label.optional("column", Rule.text()).orElse("");
    String input = label.optional("input", Rule.text()).orElse("");
    int classes = label.optional("classes", Rule.integer(0)).orElse(0);
    List<Integer> shape = label.optional("shape", Rule.listOf(Rule.integer(1))).orElse(List.of());
    Optional<Object> classWeights = label.optional(CLASS_WEIGHTS, WEIGHTS);
    boolean balanced = classWeights.filter(BALANCED::equals).isPresent();
    List<Double> given =
        classWeights.stream()
            .filter(List.class::isInstance)
            .flatMap(list -> ((List<?>) list).stream())
            .map(Double.class::cast)
            .toList();
    if (!balanced && classWeights.isPresent() && given.size() != classes) {
      label.refuse(
          CLASS_WEIGHTS,
          "must be one for each of the %d classes".formatted(classes),
          "give as many");
    }
    if (balanced && (classes == 0 || !shape.isEmpty())) {
      label.refuse(
          CLASS_WEIGHTS,
          "needs one class an example",
          "set classes without a shape, or leave it out");
    }
    return new LabelSection(
        label.noneWrong("column") && label.noneWrong("input")
            ? label.make(() -> new LabelSpec(name, column, input, classes, shape)).orElse(STAND_IN)
            : STAND_IN,
        label.optional("output", Rule.text()).orElse(""),
        label.orDefault("loss-weight", Defaults.LOSS_WEIGHT, Rule.number(Range.POSITIVE)),
        given,
        balanced,
        only ? Optional.empty() : Optional.of(LossSection.read(label)),
        label);
  }

  /** The objective, or empty after a problem. */
  Optional<Objective> objective(LossChoice single, Settings training, List<Node> layers) {
    Optional<Loss> resolved =
        loss.isPresent()
            ? loss.get().resolve(spec, output, layers, settings)
            : single.resolve(spec, output, layers, training);
    if (balanced && resolved.filter(it -> it.classes() == 0).isPresent()) {
      settings.refuse(CLASS_WEIGHTS, "needs a loss of classes", "choose one, or leave it out");
      return Optional.empty();
    }
    return resolved.map(
        it -> new Objective(spec.name(), it, output, weight, classWeights, balanced));
  }
}
