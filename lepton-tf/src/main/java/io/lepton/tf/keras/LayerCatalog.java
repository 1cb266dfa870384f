package io.lepton.tf.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.RectifierLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What each class of Keras is here. Weights have Keras's layouts throughout. */
final class LayerCatalog {
  private static final Map<String, Function<LayerOptions, MappedLayer>> CLASSES = new TreeMap<>();

  static {
    CLASSES.put("Activation", options -> activation(options.activation("activation")));
    CLASSES.put("Add", options -> merge(new MergeLayer.Add()));
    CLASSES.put("Average", options -> merge(new MergeLayer.Average()));
    CLASSES.put("Concatenate", LayerCatalog::concatenate);
    CLASSES.put("Dense", LayerCatalog::dense);
    CLASSES.put("Dot", LayerCatalog::dot);
    CLASSES.put("Dropout", options -> byElement(new Layer.Dropout(options.number("rate"))));
    CLASSES.put("ELU", LayerCatalog::elu);
    CLASSES.put("Embedding", LayerCatalog::embedding);
    CLASSES.put("Flatten", options -> ImageLayers.last(options, new Layer.Flatten()));
    CLASSES.put("LeakyReLU", LayerCatalog::leakyRelu);
    CLASSES.put(
        "Maximum", options -> MappedLayer.of(new MergeLayer.Maximum()).masking(Masking.REFUSES));
    CLASSES.put("Multiply", options -> merge(new MergeLayer.Multiply()));
    CLASSES.put("PReLU", LayerCatalog::prelu);
    CLASSES.put("ReLU", LayerCatalog::relu);
    CLASSES.put("Rescaling", LayerCatalog::rescaling);
    CLASSES.put("Reshape", LayerCatalog::reshape);
    CLASSES.put("Softmax", LayerCatalog::softmax);
    CLASSES.put("Subtract", options -> merge(new MergeLayer.Subtract()));
    CLASSES.putAll(ImageLayers.CLASSES);
    CLASSES.putAll(NormalizationLayers.CLASSES);
    CLASSES.putAll(SequenceLayers.CLASSES);
  }

  private LayerCatalog() {}

  /** The layer that a Keras layer is; nothing, and problems, if there is none. */
  static Optional<MappedLayer> find(LayerOptions options) {
    Function<LayerOptions, MappedLayer> mapping = CLASSES.get(options.className());
    if (mapping == null) {
      options.refuse("must be one of " + String.join(", ", CLASSES.keySet()));
      return Optional.empty();
    }
    try {
      MappedLayer layer = mapping.apply(options);
      options.finish();
      return Optional.of(layer);
    } catch (IllegalArgumentException e) {
      options.refuse("has an option that cannot be: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static MappedLayer dense(LayerOptions options) {
    boolean useBias = options.flag("use_bias");
    Layer layer =
        new Layer.Dense(options.integer("units"), options.activation("activation"), useBias);
    return ImageLayers.kernel(options, layer, useBias).masking(Masking.KEEPS);
  }

  private static MappedLayer embedding(LayerOptions options) {
    Layer layer =
        new IdLayer.Embedding(options.integer("input_dim"), options.integer("output_dim"));
    return MappedLayer.of(layer)
        .weight("embeddings", WeightRules.of(options, "embeddings"))
        .masking(options.flag("mask_zero") ? Masking.MAKES : Masking.DROPS);
  }

  private static MappedLayer merge(Layer layer) {
    return MappedLayer.of(layer).masking(Masking.MERGES);
  }

  private static MappedLayer concatenate(LayerOptions options) {
    List<Integer> shape = options.inputShape();
    options.require("axis", -1, shape.isEmpty() ? -1 : shape.size());
    return merge(new MergeLayer.Concatenate());
  }

  private static MappedLayer dot(LayerOptions options) {
    options.require("axes", 1, -1, "[1, 1]", "[-1, -1]");
    return MappedLayer.of(new MergeLayer.Dot(options.flag("normalize")));
  }

  private static MappedLayer rescaling(LayerOptions options) {
    return byElement(new Layer.Rescaling(options.number("scale"), options.number("offset")));
  }

  private static MappedLayer reshape(LayerOptions options) {
    List<Integer> shape = new ArrayList<>();
    for (JsonNode dimension : options.get("target_shape")) {
      shape.add(dimension.asInt());
    }
    int open = shape.indexOf(-1);
    if (open >= 0) {
      int elements = product(options.inputShape());
      int others = -product(shape);
      shape.set(open, others == 0 ? 0 : elements / others);
    }
    return MappedLayer.of(new Layer.Reshape(shape));
  }

  private static int product(List<Integer> shape) {
    return shape.stream().reduce(1, (a, b) -> a * b);
  }

  private static MappedLayer relu(LayerOptions options) {
    options.require("max_value", "null", 6);
    options.require("negative_slope", 0);
    options.require("threshold", 0);
    return activation(options.get("max_value").isNumber() ? Activation.RELU6 : Activation.RELU);
  }

  private static MappedLayer leakyRelu(LayerOptions options) {
    return byElement(new RectifierLayer.LeakyRelu(options.number("negative_slope")));
  }

  private static MappedLayer prelu(LayerOptions options) {
    List<Integer> axes = new ArrayList<>();
    options.get("shared_axes").forEach(axis -> axes.add(axis.asInt()));
    return byElement(new RectifierLayer.Prelu(axes))
        .weight("alpha", WeightRules.of(options, "alpha"));
  }

  private static MappedLayer elu(LayerOptions options) {
    options.require("alpha", 1);
    return activation(Activation.ELU);
  }

  private static MappedLayer softmax(LayerOptions options) {
    options.require("axis", -1);
    return activation(Activation.SOFTMAX).masking(Masking.REFUSES);
  }

  private static MappedLayer activation(Activation function) {
    return byElement(new Layer.ActivationLayer(function));
  }

  private static MappedLayer byElement(Layer layer) {
    return MappedLayer.of(layer).masking(Masking.KEEPS);
  }
}
