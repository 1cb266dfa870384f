package io.lepton.tf.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.tf.model.WeightOptions;
import java.util.List;
import java.util.Optional;

/**
 * What a Keras layer says of one of its weights, beside where it starts.
 *
 * @param penalty a regularizer
 * @param maxNorm a constraint
 */
record WeightRules(Optional<WeightOptions.Penalty> penalty, Optional<Double> maxNorm) {
  static final WeightRules NONE = new WeightRules(Optional.empty(), Optional.empty());

  private static final List<String> PENALTIES = List.of("L1", "L1L2", "L2");

  /** Those of a weight, by its name in the options, such as {@code kernel}. */
  static WeightRules of(LayerOptions options, String weight) {
    return new WeightRules(
        penalty(options, weight + "_regularizer"), maxNorm(options, weight + "_constraint"));
  }

  /** The options of a layer with these of a weight. */
  WeightOptions addTo(WeightOptions options, String weight) {
    WeightOptions penalized = penalty.map(it -> options.penalized(weight, it)).orElse(options);
    return maxNorm.map(it -> penalized.limited(weight, it)).orElse(penalized);
  }

  private static Optional<WeightOptions.Penalty> penalty(LayerOptions options, String option) {
    JsonNode value = options.get(option);
    JsonNode rule = value.path("config");
    if (value.path("module").asText().equals("keras.regularizers")
        && PENALTIES.contains(className(value))) {
      return Optional.of(
          new WeightOptions.Penalty(rule.path("l1").asDouble(), rule.path("l2").asDouble()));
    }
    refuse(options, option, "one of " + PENALTIES);
    return Optional.empty();
  }

  private static Optional<Double> maxNorm(LayerOptions options, String option) {
    JsonNode value = options.get(option);
    JsonNode rule = value.path("config");
    JsonNode axis = rule.path("axis").isArray() ? rule.path("axis").path(0) : rule.path("axis");
    if (value.path("module").asText().equals("keras.constraints")
        && className(value).equals("MaxNorm")
        && rule.path("axis").size() < 2
        && axis.asInt(-1) == 0) {
      return Optional.of(rule.path("max_value").asDouble());
    }
    refuse(options, option, "MaxNorm of axis 0");
    return Optional.empty();
  }

  private static void refuse(LayerOptions options, String option, String rule) {
    JsonNode value = options.get(option);
    if (!value.isNull() && !value.isMissingNode()) {
      options.refuse(option, rule);
    }
  }

  private static String className(JsonNode object) {
    return object.path("class_name").asText();
  }
}
