package io.lepton.tf.keras;

import io.lepton.tf.model.Layer;
import io.lepton.tf.model.WeightOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a layer of Keras is here.
 *
 * @param weights names of the layer's weights, by their paths below the layer's in the file
 * @param options what is said of these weights
 * @param masking what becomes of the mask of what it takes
 */
record MappedLayer(
    Layer layer, Map<String, String> weights, WeightOptions options, Masking masking) {
  /** A layer without weights that knows nothing of masks. */
  static MappedLayer of(Layer layer) {
    return new MappedLayer(layer, Map.of(), WeightOptions.NONE, Masking.DROPS);
  }

  MappedLayer masking(Masking other) {
    return new MappedLayer(layer, weights, options, other);
  }

  /**
   * With one more weight of its own, after those that Keras made before it.
   *
   * @param rules what is said of it
   */
  MappedLayer weight(String name, WeightRules rules) {
    return weight("vars/" + weights.size(), name, rules);
  }

  /** With a weight at a path below its group. */
  MappedLayer weight(String path, String name, WeightRules rules) {
    Map<String, String> more = new LinkedHashMap<>(weights);
    more.put(path, name);
    return new MappedLayer(layer, more, rules.addTo(options, name), masking);
  }
}
