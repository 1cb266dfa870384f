package io.lepton.tf.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.lepton.tf.model.BorderLayer;
import io.lepton.tf.model.ConvolutionLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.PoolingLayer;
import io.lepton.tf.model.PoolingLayer.Interpolation;
import io.lepton.tf.model.Window;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Convolutions, pooling and borders; those of sequences too. */
final class ImageLayers {
  static final Map<String, Function<LayerOptions, MappedLayer>> CLASSES =
      Map.ofEntries(
          Map.entry("AveragePooling1D", ImageLayers::averagePooling1d),
          Map.entry("AveragePooling2D", ImageLayers::averagePooling2d),
          Map.entry("Conv1D", ImageLayers::conv1d),
          Map.entry("Conv2D", ImageLayers::conv2d),
          Map.entry("Conv2DTranspose", ImageLayers::conv2dTranspose),
          Map.entry("Cropping2D", ImageLayers::cropping),
          Map.entry("DepthwiseConv2D", ImageLayers::depthwiseConv2d),
          Map.entry(
              "GlobalAveragePooling1D",
              options ->
                  global(options, new PoolingLayer.GlobalAveragePooling1d())
                      .masking(Masking.READS)),
          Map.entry(
              "GlobalAveragePooling2D",
              options -> global(options, new PoolingLayer.GlobalAveragePooling2d())),
          Map.entry(
              "GlobalMaxPooling1D",
              options -> global(options, new PoolingLayer.GlobalMaxPooling1d())),
          Map.entry(
              "GlobalMaxPooling2D",
              options -> global(options, new PoolingLayer.GlobalMaxPooling2d())),
          Map.entry("MaxPooling1D", ImageLayers::maxPooling1d),
          Map.entry("MaxPooling2D", ImageLayers::maxPooling2d),
          Map.entry("SeparableConv2D", ImageLayers::separableConv2d),
          Map.entry("UpSampling2D", ImageLayers::upSampling),
          Map.entry("ZeroPadding2D", ImageLayers::zeroPadding));

  private ImageLayers() {}

  /** A layer with a kernel and, if it uses one, a bias. */
  static MappedLayer kernel(LayerOptions options, Layer layer, boolean useBias) {
    return bias(
        options,
        MappedLayer.of(layer).weight("kernel", WeightRules.of(options, "kernel")),
        useBias);
  }

  /** A layer whose channels are the last dimension. */
  static MappedLayer last(LayerOptions options, Layer layer) {
    options.require("data_format", "channels_last");
    return MappedLayer.of(layer);
  }

  private static MappedLayer bias(LayerOptions options, MappedLayer layer, boolean useBias) {
    WeightRules rules = WeightRules.of(options, "bias");
    return useBias ? layer.weight("bias", rules) : layer;
  }

  private static MappedLayer conv1d(LayerOptions options) {
    requireConvolution(options);
    boolean useBias = options.flag("use_bias");
    Layer layer =
        new Layer.Conv1d(
            options.integer("filters"),
            options.side("kernel_size"),
            options.side("strides"),
            options.padding(),
            options.side("dilation_rate"),
            options.activation("activation"),
            useBias);
    return kernel(options, layer, useBias);
  }

  private static MappedLayer conv2d(LayerOptions options) {
    boolean useBias = options.flag("use_bias");
    Layer layer =
        new Layer.Conv2d(
            options.integer("filters"), window(options), options.activation("activation"), useBias);
    return kernel(options, layer, useBias);
  }

  private static MappedLayer conv2dTranspose(LayerOptions options) {
    boolean useBias = options.flag("use_bias");
    Layer layer =
        new ConvolutionLayer.Conv2dTranspose(
            options.integer("filters"), window(options), options.activation("activation"), useBias);
    return kernel(options, layer, useBias);
  }

  private static MappedLayer depthwiseConv2d(LayerOptions options) {
    boolean useBias = options.flag("use_bias");
    Layer layer =
        new ConvolutionLayer.DepthwiseConv2d(
            options.integer("depth_multiplier"),
            window(options),
            options.activation("activation"),
            useBias);
    MappedLayer mapped =
        MappedLayer.of(layer).weight("kernel", WeightRules.of(options, "depthwise"));
    return bias(options, mapped, useBias);
  }

  private static MappedLayer separableConv2d(LayerOptions options) {
    boolean useBias = options.flag("use_bias");
    Layer layer =
        new ConvolutionLayer.SeparableConv2d(
            options.integer("filters"),
            options.integer("depth_multiplier"),
            window(options),
            options.activation("activation"),
            useBias);
    MappedLayer mapped =
        MappedLayer.of(layer)
            .weight("depthwise_kernel", WeightRules.of(options, "depthwise"))
            .weight("pointwise_kernel", WeightRules.of(options, "pointwise"));
    return bias(options, mapped, useBias);
  }

  private static Window window(LayerOptions options) {
    requireConvolution(options);
    List<Integer> size = options.sides("kernel_size");
    return new Window(
        size.get(0),
        size.get(1),
        options.side("strides"),
        options.padding(),
        options.side("dilation_rate"));
  }

  private static void requireConvolution(LayerOptions options) {
    options.require("data_format", "channels_last");
    options.require("groups", 1);
  }

  private static MappedLayer maxPooling1d(LayerOptions options) {
    return last(
        options,
        new PoolingLayer.MaxPooling1d(
            options.side("pool_size"), options.side("strides"), options.padding()));
  }

  private static MappedLayer averagePooling1d(LayerOptions options) {
    return last(
        options,
        new PoolingLayer.AveragePooling1d(
            options.side("pool_size"), options.side("strides"), options.padding()));
  }

  private static MappedLayer maxPooling2d(LayerOptions options) {
    return last(
        options,
        new PoolingLayer.MaxPooling2d(
            options.side("pool_size"), options.side("strides"), options.padding()));
  }

  private static MappedLayer averagePooling2d(LayerOptions options) {
    return last(
        options,
        new PoolingLayer.AveragePooling2d(
            options.side("pool_size"), options.side("strides"), options.padding()));
  }

  private static MappedLayer global(LayerOptions options, Layer layer) {
    options.require("keepdims", false);
    return last(options, layer);
  }

  private static MappedLayer upSampling(LayerOptions options) {
    options.require("interpolation", "nearest", "bilinear");
    Interpolation interpolation =
        options.get("interpolation").asText().equals("bilinear")
            ? Interpolation.BILINEAR
            : Interpolation.NEAREST;
    return last(options, new PoolingLayer.UpSampling2d(options.side("size"), interpolation));
  }

  private static MappedLayer zeroPadding(LayerOptions options) {
    JsonNode border = options.get("padding");
    return last(
        options,
        new BorderLayer.ZeroPadding2d(
            at(border, 0, 0), at(border, 0, 1), at(border, 1, 0), at(border, 1, 1)));
  }

  private static MappedLayer cropping(LayerOptions options) {
    JsonNode border = options.get("cropping");
    return last(
        options,
        new BorderLayer.Cropping2d(
            at(border, 0, 0), at(border, 0, 1), at(border, 1, 0), at(border, 1, 1)));
  }

  private static int at(JsonNode border, int direction, int end) {
    return border.path(direction).path(end).asInt();
  }
}
