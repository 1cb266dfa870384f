package io.lepton.tf.keras;

import io.lepton.tf.model.Node;
import io.lepton.tf.model.WeightValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A layer of a model and where its weights are.
 *
 * @param group path in the file
 * @param weights names of its weights, by their paths below the group
 */
record PlacedLayer(Node node, String group, Map<String, String> weights, boolean trainable) {
  /** The values of its weights by the names of variables. */
  Map<String, WeightValue> read(StoredWeights stored) {
    Map<String, WeightValue> values = new LinkedHashMap<>();
    weights.forEach(
        (path, weight) -> values.put(node.name() + "/" + weight, stored.read(group + "/" + path)));
    return values;
  }

  /** Whether its weights stay as they are. */
  boolean frozen() {
    return !trainable && !weights.isEmpty();
  }
}
