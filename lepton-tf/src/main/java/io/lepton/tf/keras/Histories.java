package io.lepton.tf.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which layers tensors come from, as a Functional model tells it. */
final class Histories {
  private static final String TENSOR = "__keras_tensor__";

  /** Arguments that are inputs, in the order they have without their names. */
  private static final List<String> INPUTS = List.of("inputs", "query", "value", "key");

  private Histories() {}

  /** Layers of {@code input_layers} or {@code output_layers}: one {@code [name, 0, 0]}, or more. */
  static List<String> names(JsonNode histories) {
    List<String> names = new ArrayList<>();
    if (histories.path(0).isTextual()) {
      names.add(histories.get(0).asText());
    } else {
      histories.forEach(history -> names.addAll(names(history)));
    }
    return names;
  }

  /**
   * What a layer is called with. {@code training = false} is left out, as Keras does where a model
   * trains.
   *
   * @throws IllegalArgumentException if it is called several times, or takes something else too
   */
  static LayerCall call(JsonNode layer) {
    JsonNode call = only(layer);
    List<String> names = new ArrayList<>();
    collect(call.path("args"), names);
    INPUTS.stream()
        .filter(call.path("kwargs")::hasNonNull)
        .forEach(name -> collect(call.path("kwargs").get(name), names));
    Optional<String> mask = Optional.empty();
    boolean causal = false;
    for (Map.Entry<String, JsonNode> argument : call.path("kwargs").properties()) {
      JsonNode value = argument.getValue();
      if (argument.getKey().equals("mask") && isTensor(value)) {
        mask = Optional.of(source(value));
      } else if (argument.getKey().equals("use_causal_mask")) {
        causal = value.asBoolean();
      } else if (!value.isNull() && !INPUTS.contains(argument.getKey()) && !isOff(argument)) {
        throw new IllegalArgumentException(
            "must be called with inputs alone, but was given %s = %s"
                .formatted(argument.getKey(), value));
      }
    }
    return new LayerCall(names, mask, causal);
  }

  /** The layers that an operation on tensors takes, and the numbers among its arguments. */
  static Operation operation(JsonNode layer) {
    List<String> names = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode argument : only(layer).path("args")) {
      if (argument.isNumber()) {
        numbers.add(argument.asInt());
      } else {
        collect(argument, names);
      }
    }
    return new Operation(names, numbers);
  }

  /** What an operation on tensors is called with. */
  record Operation(List<String> inputs, List<Integer> numbers) {}

  private static JsonNode only(JsonNode layer) {
    JsonNode calls = layer.path("inbound_nodes");
    if (calls.size() != 1) {
      throw new IllegalArgumentException(
          "must be called once, but is shared by %d calls".formatted(calls.size()));
    }
    return calls.get(0);
  }

  private static boolean isOff(Map.Entry<String, JsonNode> argument) {
    boolean isSwitch = Set.of("training", "return_attention_scores").contains(argument.getKey());
    return isSwitch && !argument.getValue().asBoolean();
  }

  private static void collect(JsonNode argument, List<String> names) {
    if (argument.isArray()) {
      argument.forEach(element -> collect(element, names));
    } else if (isTensor(argument)) {
      names.add(source(argument));
    } else if (!argument.isNull()) {
      throw new IllegalArgumentException(
          "must be called with inputs alone, but was given: " + argument);
    }
  }

  private static boolean isTensor(JsonNode argument) {
    return argument.path("class_name").asText().equals(TENSOR);
  }

  private static String source(JsonNode tensor) {
    JsonNode history = tensor.path("config").path("keras_history");
    if (history.path(2).asInt() != 0) {
      throw new IllegalArgumentException(
          "must take first outputs, but takes number %d of '%s'"
              .formatted(history.path(2).asInt(), history.path(0).asText()));
    }
    return history.path(0).asText();
  }
}
