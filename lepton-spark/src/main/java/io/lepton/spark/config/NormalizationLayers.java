package io.lepton.spark.config;

import io.lepton.tf.model.Layer;
import io.lepton.tf.model.NormalizationLayer;
import io.lepton.tf.model.RectifierLayer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads normalizations and rectifiers with options of their own. */
final class NormalizationLayers {
  static final Map<String, Function<Settings, Layer>> KINDS =
      Map.of(
          "batch-normalization", NormalizationLayers::batch,
          "group-normalization", NormalizationLayers::groups,
          "layer-normalization", NormalizationLayers::layer,
          "leaky-relu", NormalizationLayers::leakyRelu,
          "prelu", NormalizationLayers::prelu);

  private NormalizationLayers() {}

  private static Layer batch(Settings options) {
    return new NormalizationLayer.BatchNormalization(
        options.orDefault("momentum", Defaults.MOVING_MOMENTUM, Rule.number(Range.SHARE)),
        epsilon(options),
        flag(options, "center"),
        flag(options, "scale"));
  }

  private static Layer groups(Settings options) {
    return new NormalizationLayer.GroupNormalization(
        options.orDefault("groups", Defaults.GROUPS, Rule.integer(1)),
        epsilon(options),
        flag(options, "center"),
        flag(options, "scale"));
  }

  private static Layer layer(Settings options) {
    return new NormalizationLayer.LayerNormalization(
        epsilon(options), flag(options, "center"), flag(options, "scale"));
  }

  private static Layer leakyRelu(Settings options) {
    return new RectifierLayer.LeakyRelu(
        options.orDefault(
            "negative-slope", Defaults.NEGATIVE_SLOPE, Rule.number(Range.NOT_NEGATIVE)));
  }

  private static Layer prelu(Settings options) {
    return new RectifierLayer.Prelu(
        options.optional("shared-axes", Rule.oneOrMore(Rule.integer(1))).orElse(List.of()));
  }

  private static double epsilon(Settings options) {
    return options.orDefault(
        "epsilon", Defaults.NORMALIZATION_EPSILON, Rule.number(Range.POSITIVE));
  }

  private static boolean flag(Settings options, String key) {
    return options.orDefault(key, true, Rule.flag());
  }
}
