package io.lepton.tf.keras;

import io.lepton.tf.model.Layer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a layer of Keras is here.
 *
 * @param weights names of the layer's weights, by their paths below the layer's in the file
 */
record MappedLayer(Layer layer, Map<String, String> weights) {
  /** A layer without weights. */
  static MappedLayer of(Layer layer) {
    return new MappedLayer(layer, Map.of());
  }

  /** A layer with weights of its own, in the order in which Keras makes them. */
  static MappedLayer of(Layer layer, String... weights) {
    Map<String, String> paths = new LinkedHashMap<>();
    for (String weight : weights) {
      paths.put("vars/" + paths.size(), weight);
    }
    return new MappedLayer(layer, paths);
  }

  /** A kernel and, if it uses one, a bias. */
  static MappedLayer kernel(Layer layer, boolean useBias) {
    return useBias ? of(layer, "kernel", "bias") : of(layer, "kernel");
  }
}
