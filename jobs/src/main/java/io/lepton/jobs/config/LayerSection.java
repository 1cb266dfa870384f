package io.lepton.jobs.config;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.model.RecurrentLayer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads one layer: an object whose one key is the layer's kind, with its options below. */
final class LayerSection {
  private static final Map<String, Function<Settings, Layer>> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("activation", LayerSection::activation),
              Map.entry("add", options -> new MergeLayer.Add()),
              Map.entry("average-pooling2d", LayerSection::averagePooling2d),
              Map.entry("bidirectional", RecurrentSection::bidirectional),
              Map.entry("concatenate", options -> new MergeLayer.Concatenate()),
              Map.entry("conv1d", options -> convolution(options, Layer.Conv1d::new)),
              Map.entry("conv2d", options -> convolution(options, Layer.Conv2d::new)),
              Map.entry("dense", LayerSection::dense),
              Map.entry("dropout", LayerSection::dropout),
              Map.entry("embedding", LayerSection::embedding),
              Map.entry("flatten", options -> new Layer.Flatten()),
              Map.entry(
                  "global-average-pooling1d", options -> new PoolingLayer.GlobalAveragePooling1d()),
              Map.entry(
                  "global-average-pooling2d", options -> new PoolingLayer.GlobalAveragePooling2d()),
              Map.entry("global-max-pooling1d", options -> new PoolingLayer.GlobalMaxPooling1d()),
              Map.entry("gru", it -> RecurrentSection.oneWay(it, RecurrentLayer.Cell.GRU)),
              Map.entry("lstm", it -> RecurrentSection.oneWay(it, RecurrentLayer.Cell.LSTM)),
              Map.entry("max-pooling2d", LayerSection::maxPooling2d),
              Map.entry("not-equal", LayerSection::notEqual),
              Map.entry("rescaling", LayerSection::rescaling),
              Map.entry("reshape", LayerSection::reshape),
              Map.entry("up-sampling2d", LayerSection::upSampling2d)));

  private LayerSection() {}

  /** The layer and its place, or empty after a problem. */
  static Optional<Node> read(Settings layer) {
    return layer
        .variant(List.copyOf(KINDS.keySet()))
        .flatMap(it -> it.settings().make(() -> node(it.kind(), it.settings())));
  }

  private static Node node(String kind, Settings options) {
    Layer layer = KINDS.get(kind).apply(options);
    return new Node(
        options.optional("name", Rule.text()).orElse(""),
        layer,
        options.optional("inputs", Rule.oneOrMore(Rule.text())).orElse(List.of()));
  }

  private static Layer dense(Settings options) {
    return new Layer.Dense(
        options.required("units", Rule.integer(1)), activationOf(options), useBias(options));
  }

  private interface Convolution {
    Layer of(
        int filters,
        int kernelSize,
        int strides,
        Padding padding,
        Activation activation,
        boolean useBias);
  }

  private static Layer convolution(Settings options, Convolution convolution) {
    return convolution.of(
        options.required("filters", Rule.integer(1)),
        options.required("kernel-size", Rule.integer(1)),
        options.orDefault("strides", Defaults.CONVOLUTION_STRIDES, Rule.integer(1)),
        padding(options),
        activationOf(options),
        useBias(options));
  }

  private static Layer maxPooling2d(Settings options) {
    int size = poolSize(options);
    return new PoolingLayer.MaxPooling2d(size, strides(options, size), padding(options));
  }

  private static Layer averagePooling2d(Settings options) {
    int size = poolSize(options);
    return new PoolingLayer.AveragePooling2d(size, strides(options, size), padding(options));
  }

  private static Layer upSampling2d(Settings options) {
    return new PoolingLayer.UpSampling2d(
        options.orDefault("size", Defaults.UP_SAMPLING_SIZE, Rule.integer(1)));
  }

  private static Layer embedding(Settings options) {
    return new IdLayer.Embedding(
        options.required("input-size", Rule.integer(1)),
        options.required("output-dim", Rule.integer(1)));
  }

  private static Layer notEqual(Settings options) {
    return new IdLayer.NotEqual(
        options.orDefault("value", Defaults.PADDING_ID, Rule.integer(Integer.MIN_VALUE)));
  }

  private static Layer reshape(Settings options) {
    return new Layer.Reshape(options.required("shape", Rule.listOf(Rule.integer(1))));
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

  private static int poolSize(Settings options) {
    return options.orDefault("pool-size", Defaults.POOL_SIZE, Rule.integer(1));
  }

  private static int strides(Settings options, int poolSize) {
    return options.orDefault("strides", poolSize, Rule.integer(1));
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
