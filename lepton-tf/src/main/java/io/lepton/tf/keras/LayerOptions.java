package io.lepton.tf.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Padding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options of a Keras layer. Each must be asked for: what nobody asked for, and is set, is
 * refused in the end. Options that are not as they must be give a value that does, and a problem.
 */
final class LayerOptions {
  /** Of no effect on what a layer with given weights computes. */
  private static final Set<String> IGNORED = Set.of("name", "trainable", "dtype", "seed");

  private static final String INITIALIZER = "_initializer";
  private static final Set<String> POLICIES = Set.of("float32", "mixed_float16", "mixed_bfloat16");
  private static final Map<String, Activation> RENAMED = Map.of("silu", Activation.SWISH);

  private final String name;
  private final String className;
  private final JsonNode config;
  private final LayerCall call;
  private final boolean trainable;
  private final Supplier<List<Integer>> inputShape;
  private final List<String> problems;
  private final Set<String> asked = new HashSet<>();

  /**
   * Those of a layer.
   *
   * @param layer as in {@code config.json}
   * @param trainable whether the models around it are
   * @param inputShape of an example of its first input; empty if it is not known
   * @param problems where what is refused is added to
   */
  LayerOptions(
      JsonNode layer,
      LayerCall call,
      boolean trainable,
      Supplier<List<Integer>> inputShape,
      List<String> problems) {
    this.className = layer.path("class_name").asText();
    this.config = layer.path("config");
    this.name = config.path("name").asText();
    this.call = call;
    this.trainable = trainable && config.path("trainable").asBoolean(true);
    this.inputShape = inputShape;
    this.problems = problems;
  }

  String name() {
    return name;
  }

  String className() {
    return className;
  }

  /** What the layer is called with. */
  LayerCall call() {
    return call;
  }

  /** Whether its weights change. */
  boolean trainable() {
    return trainable;
  }

  /** The shape of one example of its first input; empty if it is not known. */
  List<Integer> inputShape() {
    return inputShape.get();
  }

  JsonNode get(String option) {
    asked.add(option);
    return config.path(option);
  }

  int integer(String option) {
    JsonNode value = get(option);
    if (!value.canConvertToInt()) {
      refuse(option, "an integer");
      return 1;
    }
    return value.intValue();
  }

  double number(String option) {
    JsonNode value = get(option);
    if (!value.isNumber()) {
      refuse(option, "a number");
      return 0;
    }
    return value.doubleValue();
  }

  boolean flag(String option) {
    return get(option).asBoolean();
  }

  /** The one number that is the same in all directions. */
  int side(String option) {
    JsonNode value = get(option);
    List<Integer> sides = new ArrayList<>();
    (value.isArray() ? value : List.of(value)).forEach(side -> sides.add(side.asInt()));
    if (sides.stream().distinct().count() != 1) {
      refuse(option, "the same in all directions");
      return 1;
    }
    return sides.get(0);
  }

  /** Refuses an option of another value; one that is not there is of the right one. */
  void require(String option, Object... allowed) {
    JsonNode value = get(option);
    if (!value.isMissingNode() && Stream.of(allowed).noneMatch(right -> is(value, right))) {
      refuse(option, Stream.of(allowed).map(String::valueOf).collect(Collectors.joining(" or ")));
    }
  }

  /** The layer that an option is. */
  LayerOptions layer(String option) {
    return new LayerOptions(get(option), call, trainable, inputShape, problems);
  }

  /** Both sides of height and width: {@code [height, width]}. */
  List<Integer> sides(String option) {
    JsonNode value = get(option);
    return List.of(value.path(0).asInt(), value.path(1).asInt());
  }

  Padding padding() {
    require("padding", "valid", "same");
    return config.path("padding").asText().equals("same") ? Padding.SAME : Padding.VALID;
  }

  Activation activation(String option) {
    JsonNode value = get(option);
    if (value.isNull()) {
      return Activation.LINEAR;
    }
    Optional<Activation> activation = named(value.asText());
    if (activation.isEmpty()) {
      refuse(option, "one of " + Stream.of(Activation.values()).map(LayerOptions::nameOf).toList());
    }
    return activation.orElse(Activation.LINEAR);
  }

  /** Refuses what is not as it must be. */
  void refuse(String option, String rule) {
    problems.add(
        "%s of layer '%s' (%s) must be %s, but was: %s"
            .formatted(option, name, className, rule, plain(config.path(option))));
  }

  /** Refuses the layer itself. */
  void refuse(String reason) {
    problems.add("layer '%s' (%s) %s".formatted(name, className, reason));
  }

  /** Refuses what is set and nobody asked for. */
  void finish() {
    JsonNode dtype = config.path("dtype");
    String policy = dtype.isObject() ? dtype.path("config").path("name").asText() : dtype.asText();
    if (!dtype.isMissingNode() && !POLICIES.contains(policy)) {
      refuse("dtype", "one of " + POLICIES.stream().sorted().toList());
    }
    config
        .fields()
        .forEachRemaining(
            option -> {
              String key = option.getKey();
              boolean known =
                  asked.contains(key) || IGNORED.contains(key) || key.endsWith(INITIALIZER);
              if (!known && !option.getValue().isNull()) {
                refuse(key, "left out");
              }
            });
  }

  private static Optional<Activation> named(String keras) {
    return Optional.ofNullable(RENAMED.get(keras))
        .or(() -> Stream.of(Activation.values()).filter(a -> nameOf(a).equals(keras)).findFirst());
  }

  private static String nameOf(Activation activation) {
    return activation.name().toLowerCase(Locale.ROOT);
  }

  private static boolean is(JsonNode value, Object other) {
    if (value.isNumber() && other instanceof Number number) {
      return value.doubleValue() == number.doubleValue();
    }
    return plain(value).equals(String.valueOf(other));
  }

  /** Strings without quotes. */
  private static String plain(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString().replace(",", ", ");
  }
}
