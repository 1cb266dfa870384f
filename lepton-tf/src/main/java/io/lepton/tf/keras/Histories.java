package io.lepton.tf.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which layers tensors come from, as a Functional model tells it. */
final class Histories {
  private static final String TENSOR = "__keras_tensor__";

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
   * The layers that a layer takes the outputs of.
   *
   * @throws IllegalArgumentException if it is called several times, or takes something else too
   */
  static List<String> inputs(JsonNode layer) {
    JsonNode calls = layer.path("inbound_nodes");
    if (calls.size() != 1) {
      throw new IllegalArgumentException(
          "must be called once, but is shared by %d calls".formatted(calls.size()));
    }
    List<String> names = new ArrayList<>();
    collect(calls.get(0).path("args"), names);
    for (Map.Entry<String, JsonNode> argument : calls.get(0).path("kwargs").properties()) {
      if (!argument.getValue().isNull()) {
        throw new IllegalArgumentException(
            "must be called with inputs alone, but was given %s = %s"
                .formatted(argument.getKey(), argument.getValue()));
      }
    }
    return names;
  }

  private static void collect(JsonNode argument, List<String> names) {
    if (argument.isArray()) {
      argument.forEach(element -> collect(element, names));
      return;
    }
    if (!argument.path("class_name").asText().equals(TENSOR)) {
      throw new IllegalArgumentException(
          "must be called with inputs alone, but was given: " + argument);
    }
    JsonNode history = argument.path("config").path("keras_history");
    if (history.path(2).asInt() != 0) {
      throw new IllegalArgumentException(
          "must take first outputs, but takes number %d of '%s'"
              .formatted(history.path(2).asInt(), history.path(0).asText()));
    }
    names.add(history.path(0).asText());
  }
}
