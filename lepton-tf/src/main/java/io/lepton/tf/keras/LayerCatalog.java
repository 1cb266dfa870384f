package io.lepton.tf.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.PoolingLayer;
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
    CLASSES.put("Add", options -> MappedLayer.of(new MergeLayer.Add()));
    CLASSES.put("AveragePooling2D", LayerCatalog::averagePooling);
    CLASSES.put("Concatenate", LayerCatalog::concatenate);
    CLASSES.put("Conv1D", LayerCatalog::conv1d);
    CLASSES.put("Conv2D", LayerCatalog::conv2d);
    CLASSES.put("Dense", LayerCatalog::dense);
    CLASSES.put("Dropout", options -> MappedLayer.of(new Layer.Dropout(options.number("rate"))));
    CLASSES.put("ELU", LayerCatalog::elu);
    CLASSES.put("Embedding", LayerCatalog::embedding);
    CLASSES.put("Flatten", options -> last(options, new Layer.Flatten()));
    CLASSES.put(
        "GlobalAveragePooling1D",
        options -> global(options, new PoolingLayer.GlobalAveragePooling1d()));
    CLASSES.put(
        "GlobalAveragePooling2D",
        options -> global(options, new PoolingLayer.GlobalAveragePooling2d()));
    CLASSES.put(
        "GlobalMaxPooling1D", options -> global(options, new PoolingLayer.GlobalMaxPooling1d()));
    CLASSES.put("LeakyReLU", LayerCatalog::leakyRelu);
    CLASSES.put("MaxPooling2D", LayerCatalog::maxPooling);
    CLASSES.put("Multiply", options -> MappedLayer.of(new MergeLayer.Multiply()));
    CLASSES.put("ReLU", LayerCatalog::relu);
    CLASSES.put("Rescaling", LayerCatalog::rescaling);
    CLASSES.put("Reshape", LayerCatalog::reshape);
    CLASSES.put("Softmax", LayerCatalog::softmax);
    CLASSES.put("UpSampling2D", LayerCatalog::upSampling);
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
    return MappedLayer.kernel(
        new Layer.Dense(options.integer("units"), options.activation("activation"), useBias),
        useBias);
  }

  private static MappedLayer conv1d(LayerOptions options) {
    requireConvolution(options);
    boolean useBias = options.flag("use_bias");
    return MappedLayer.kernel(
        new Layer.Conv1d(
            options.integer("filters"),
            options.side("kernel_size"),
            options.side("strides"),
            options.padding(),
            options.activation("activation"),
            useBias),
        useBias);
  }

  private static MappedLayer conv2d(LayerOptions options) {
    requireConvolution(options);
    boolean useBias = options.flag("use_bias");
    return MappedLayer.kernel(
        new Layer.Conv2d(
            options.integer("filters"),
            options.side("kernel_size"),
            options.side("strides"),
            options.padding(),
            options.activation("activation"),
            useBias),
        useBias);
  }

  private static void requireConvolution(LayerOptions options) {
    options.require("data_format", "channels_last");
    options.require("dilation_rate", "[1]", "[1, 1]");
    options.require("groups", 1);
  }

  private static MappedLayer embedding(LayerOptions options) {
    options.require("mask_zero", false);
    return MappedLayer.of(
        new IdLayer.Embedding(options.integer("input_dim"), options.integer("output_dim")),
        "embeddings");
  }

  private static MappedLayer concatenate(LayerOptions options) {
    List<Integer> shape = options.inputShape();
    options.require("axis", -1, shape.isEmpty() ? -1 : shape.size());
    return MappedLayer.of(new MergeLayer.Concatenate());
  }

  private static MappedLayer maxPooling(LayerOptions options) {
    return last(
        options,
        new PoolingLayer.MaxPooling2d(
            options.side("pool_size"), options.side("strides"), options.padding()));
  }

  private static MappedLayer averagePooling(LayerOptions options) {
    return last(
        options,
        new PoolingLayer.AveragePooling2d(
            options.side("pool_size"), options.side("strides"), options.padding()));
  }

  private static MappedLayer upSampling(LayerOptions options) {
    options.require("interpolation", "nearest");
    return last(options, new PoolingLayer.UpSampling2d(options.side("size")));
  }

  private static MappedLayer global(LayerOptions options, Layer layer) {
    options.require("keepdims", false);
    return last(options, layer);
  }

  private static MappedLayer last(LayerOptions options, Layer layer) {
    options.require("data_format", "channels_last");
    return MappedLayer.of(layer);
  }

  private static MappedLayer rescaling(LayerOptions options) {
    return MappedLayer.of(new Layer.Rescaling(options.number("scale"), options.number("offset")));
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
    options.require("negative_slope", 0.2);
    return activation(Activation.LEAKY_RELU);
  }

  private static MappedLayer elu(LayerOptions options) {
    options.require("alpha", 1);
    return activation(Activation.ELU);
  }

  private static MappedLayer softmax(LayerOptions options) {
    options.require("axis", -1);
    return activation(Activation.SOFTMAX);
  }

  private static MappedLayer activation(Activation function) {
    return MappedLayer.of(new Layer.ActivationLayer(function));
  }
}
