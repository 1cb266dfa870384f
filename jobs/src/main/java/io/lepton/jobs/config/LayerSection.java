package io.lepton.jobs.config;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Padding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads one layer: an object whose one key is the layer's kind. */
final class LayerSection {
  private static final Map<String, Function<Settings, Layer>> KINDS =
      new TreeMap<>(
          Map.of(
              "activation", LayerSection::activation,
              "conv2d", LayerSection::conv2d,
              "dense", LayerSection::dense,
              "dropout", LayerSection::dropout,
              "flatten", options -> new Layer.Flatten(),
              "max-pooling2d", LayerSection::maxPooling2d,
              "rescaling", LayerSection::rescaling));

  private LayerSection() {}

  /** The layer, or empty after a problem. */
  static Optional<Layer> read(Settings layer) {
    return layer
        .variant(List.copyOf(KINDS.keySet()))
        .flatMap(it -> it.settings().make(() -> KINDS.get(it.kind()).apply(it.settings())));
  }

  private static Layer dense(Settings options) {
    return new Layer.Dense(
        options.required("units", Rule.integer(1)), activationOf(options), useBias(options));
  }

  private static Layer conv2d(Settings options) {
    return new Layer.Conv2d(
        options.required("filters", Rule.integer(1)),
        options.required("kernel-size", Rule.integer(1)),
        options.orDefault("strides", Defaults.CONVOLUTION_STRIDES, Rule.integer(1)),
        padding(options),
        activationOf(options),
        useBias(options));
  }

  private static Layer maxPooling2d(Settings options) {
    int poolSize = options.orDefault("pool-size", Defaults.POOL_SIZE, Rule.integer(1));
    return new Layer.MaxPooling2d(
        poolSize, options.orDefault("strides", poolSize, Rule.integer(1)), padding(options));
  }

  private static Layer dropout(Settings options) {
    return new Layer.Dropout(options.required("rate", Rule.number(Range.FRACTION)));
  }

  private static Layer rescaling(Settings options) {
    return new Layer.Rescaling(
        options.required("scale", Rule.number(Range.ANY)),
        options.orDefault("offset", Defaults.RESCALING_OFFSET, Rule.number(Range.ANY)));
  }

  private static Layer activation(Settings options) {
    return new Layer.ActivationLayer(options.required("function", Rule.word(Activation.class)));
  }

  private static Activation activationOf(Settings options) {
    return options.orDefault("activation", Defaults.ACTIVATION, Rule.word(Activation.class));
  }

  private static Padding padding(Settings options) {
    return options.orDefault("padding", Defaults.PADDING, Rule.word(Padding.class));
  }

  private static boolean useBias(Settings options) {
    return options.orDefault("use-bias", Defaults.USE_BIAS, Rule.flag());
  }
}
