package io.lepton.spark.config;

import io.lepton.tf.model.ConvolutionLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.Window;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads convolutions. */
final class ConvolutionLayers {
  static final Map<String, Function<Settings, Layer>> KINDS =
      Map.of(
          "conv1d", ConvolutionLayers::conv1d,
          "conv2d", ConvolutionLayers::conv2d,
          "conv2d-transpose", ConvolutionLayers::transpose,
          "depthwise-conv2d", ConvolutionLayers::depthwise,
          "separable-conv2d", ConvolutionLayers::separable);

  private ConvolutionLayers() {}

  private static Layer conv1d(Settings options) {
    return new Layer.Conv1d(
        filters(options),
        options.required("kernel-size", Rule.integer(1)),
        strides(options),
        padding(options),
        dilation(options),
        LayerSection.activationOf(options),
        LayerSection.useBias(options));
  }

  private static Layer conv2d(Settings options) {
    return new Layer.Conv2d(
        filters(options),
        window(options, dilation(options)),
        LayerSection.activationOf(options),
        LayerSection.useBias(options));
  }

  private static Layer transpose(Settings options) {
    return new ConvolutionLayer.Conv2dTranspose(
        filters(options),
        window(options, 1),
        LayerSection.activationOf(options),
        LayerSection.useBias(options));
  }

  private static Layer depthwise(Settings options) {
    return new ConvolutionLayer.DepthwiseConv2d(
        depthMultiplier(options),
        window(options, 1),
        LayerSection.activationOf(options),
        LayerSection.useBias(options));
  }

  private static Layer separable(Settings options) {
    return new ConvolutionLayer.SeparableConv2d(
        filters(options),
        depthMultiplier(options),
        window(options, 1),
        LayerSection.activationOf(options),
        LayerSection.useBias(options));
  }

  private static Window window(Settings options, int dilation) {
    List<Integer> size = options.required("kernel-size", Rule.oneOrMore(Rule.integer(1)));
    if (size.size() > 2) {
      options.refuse("kernel-size", "must be one number or two (rows, columns)", "give as many");
    }
    int rows = size.isEmpty() ? 1 : size.get(0);
    int columns = size.size() == 2 ? size.get(1) : rows;
    return new Window(rows, columns, strides(options), padding(options), dilation);
  }

  private static int filters(Settings options) {
    return options.required("filters", Rule.integer(1));
  }

  private static int depthMultiplier(Settings options) {
    return options.orDefault("depth-multiplier", Defaults.DEPTH_MULTIPLIER, Rule.integer(1));
  }

  private static int strides(Settings options) {
    return options.orDefault("strides", Defaults.CONVOLUTION_STRIDES, Rule.integer(1));
  }

  private static int dilation(Settings options) {
    return options.orDefault("dilation-rate", Defaults.DILATION, Rule.integer(1));
  }

  private static Padding padding(Settings options) {
    return options.orDefault("padding", Defaults.PADDING, Rule.word(Padding.class));
  }
}
