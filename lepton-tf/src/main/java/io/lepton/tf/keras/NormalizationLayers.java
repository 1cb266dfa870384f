package io.lepton.tf.keras;

import io.lepton.tf.model.NormalizationLayer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Normalizations over the last dimension. */
final class NormalizationLayers {
  static final Map<String, Function<LayerOptions, MappedLayer>> CLASSES =
      Map.of(
          "BatchNormalization", NormalizationLayers::batch,
          "GroupNormalization", NormalizationLayers::group,
          "LayerNormalization", NormalizationLayers::layer);

  private NormalizationLayers() {}

  private static MappedLayer batch(LayerOptions options) {
    options.require("renorm", false);
    options.require("synchronized", false);
    options.get("renorm_momentum");
    MappedLayer mapped =
        scaled(
            options,
            new NormalizationLayer.BatchNormalization(
                options.number("momentum"),
                options.number("epsilon"),
                options.flag("center"),
                options.flag("scale")));
    return mapped
        .weight("moving_mean", WeightRules.NONE)
        .weight("moving_variance", WeightRules.NONE)
        .masking(options.trainable() ? Masking.REFUSES : Masking.KEEPS);
  }

  private static MappedLayer group(LayerOptions options) {
    return scaled(
        options,
        new NormalizationLayer.GroupNormalization(
            options.integer("groups"),
            options.number("epsilon"),
            options.flag("center"),
            options.flag("scale")));
  }

  private static MappedLayer layer(LayerOptions options) {
    options.require("rms_scaling", false);
    return scaled(
        options,
        new NormalizationLayer.LayerNormalization(
            options.number("epsilon"), options.flag("center"), options.flag("scale")));
  }

  private static MappedLayer scaled(LayerOptions options, NormalizationLayer layer) {
    List<Integer> shape = options.inputShape();
    int last = shape.isEmpty() ? -1 : shape.size();
    options.require("axis", -1, last, "[-1]", "[" + last + "]");
    MappedLayer mapped = MappedLayer.of(layer).masking(Masking.KEEPS);
    WeightRules gamma = WeightRules.of(options, "gamma");
    WeightRules beta = WeightRules.of(options, "beta");
    mapped = layer.scale() ? mapped.weight("gamma", gamma) : mapped;
    return layer.center() ? mapped.weight("beta", beta) : mapped;
  }
}
