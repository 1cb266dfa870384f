package io.lepton.spark.config;

import static java.util.stream.Collectors.toMap;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.AttentionLayer;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.RecurrentLayer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads one layer: an object whose one key is the layer's kind, with its options below. */
final class LayerSection {
  private static final Map<String, Function<Settings, Layer>> OTHERS =
      Map.ofEntries(
          Map.entry("activation", LayerSection::activation),
          Map.entry("add", options -> new MergeLayer.Add()),
          Map.entry("average", options -> new MergeLayer.Average()),
          Map.entry("bidirectional", RecurrentSection::bidirectional),
          Map.entry("concatenate", options -> new MergeLayer.Concatenate()),
          Map.entry("dense", LayerSection::dense),
          Map.entry("dot", LayerSection::dot),
          Map.entry("dropout", LayerSection::dropout),
          Map.entry("embedding", LayerSection::embedding),
          Map.entry("flatten", options -> new Layer.Flatten()),
          Map.entry("gru", it -> RecurrentSection.oneWay(it, RecurrentLayer.Cell.GRU)),
          Map.entry("lstm", it -> RecurrentSection.oneWay(it, RecurrentLayer.Cell.LSTM)),
          Map.entry("maximum", options -> new MergeLayer.Maximum()),
          Map.entry("multi-head-attention", LayerSection::attention),
          Map.entry("multiply", options -> new MergeLayer.Multiply()),
          Map.entry("not-equal", LayerSection::notEqual),
          Map.entry("positional-embedding", options -> new AttentionLayer.PositionalEmbedding()),
          Map.entry("rescaling", LayerSection::rescaling),
          Map.entry("reshape", LayerSection::reshape),
          Map.entry("sinusoidal-positions", options -> new AttentionLayer.SinusoidalPositions()),
          Map.entry("subtract", options -> new MergeLayer.Subtract()));

  private static final Map<String, Function<Settings, Layer>> KINDS =
      Stream.of(OTHERS, ConvolutionLayers.KINDS, ImageLayers.KINDS, NormalizationLayers.KINDS)
          .flatMap(kinds -> kinds.entrySet().stream())
          .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));

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
        options.optional("inputs", Rule.oneOrMore(Rule.text())).orElse(List.of()),
        WeightsSection.read(options, layer));
  }

  private static Layer dense(Settings options) {
    return new Layer.Dense(
        options.required("units", Rule.integer(1)), activationOf(options), useBias(options));
  }

  private static Layer dot(Settings options) {
    return new MergeLayer.Dot(options.orDefault("normalize", Defaults.NORMALIZE, Rule.flag()));
  }

  private static Layer attention(Settings options) {
    int keyDim = options.required("key-dim", Rule.integer(1));
    return new AttentionLayer.MultiHeadAttention(
        options.required("heads", Rule.integer(1)),
        keyDim,
        options.orDefault("value-dim", keyDim, Rule.integer(1)),
        options.orDefault("dropout", Defaults.DROPOUT, Rule.number(Range.FRACTION)),
        useBias(options),
        options.orDefault("causal", Defaults.CAUSAL, Rule.flag()));
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

  static Activation activationOf(Settings options) {
    return options.orDefault("activation", Defaults.ACTIVATION, Rule.word(Activation.class));
  }

  static boolean useBias(Settings options) {
    return options.orDefault("use-bias", Defaults.USE_BIAS, Rule.flag());
  }
}
