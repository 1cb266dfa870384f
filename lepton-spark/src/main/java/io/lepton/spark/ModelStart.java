package io.lepton.spark;

import io.lepton.tf.model.EarlierWeights;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.WeightValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model that was made elsewhere, or trained before, brings besides its layers.
 *
 * @param scalars inputs of one column that layers take without a dimension for it
 * @param weights values that weights start from, by name
 * @param earlier a model whose weights come after these
 */
public record ModelStart(
    List<String> scalars, Map<String, WeightValue> weights, Optional<EarlierWeights> earlier) {
  /** Layers and nothing else. */
  public static final ModelStart OF_LAYERS = new ModelStart(List.of(), Map.of(), Optional.empty());

  public ModelStart {
    scalars = List.copyOf(scalars);
    weights = Map.copyOf(weights);
  }

  /**
   * The values that weights of a model start from.
   *
   * @throws io.lepton.tf.model.ModelException if those of an earlier one do not fit
   */
  public Map<String, WeightValue> values(ModelSpec spec) {
    Map<String, WeightValue> values = new LinkedHashMap<>(weights);
    earlier.ifPresent(it -> values.putAll(it.of(spec)));
    return values;
  }
}
