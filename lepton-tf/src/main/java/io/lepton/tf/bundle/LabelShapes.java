package io.lepton.tf.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many elements the labels of a model have for an example, by their names.
 *
 * @param elements in the order of the labels
 */
record LabelShapes(Map<String, Integer> elements) {
  static LabelShapes of(JsonNode preprocessing) {
    Map<String, Integer> elements = new LinkedHashMap<>();
    for (JsonNode label : preprocessing.path("data").path("labels")) {
      int count = 1;
      for (JsonNode dimension : label.path("shape")) {
        count *= dimension.asInt(1);
      }
      elements.put(label.path("name").asText(""), count);
    }
    return new LabelShapes(elements);
  }

  int elements(String label) {
    return label.isEmpty()
        ? elements.values().stream().findFirst().orElse(1)
        : elements.getOrDefault(label, 1);
  }
}
