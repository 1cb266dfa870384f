package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;

/** The weights of each layer, in the order they have in the flat vector. */
final class LayerWeights {
  private LayerWeights() {}

  static List<Weight> of(Layer layer, String name, List<List<Integer>> inputs) {
    int channels = inputs.get(0).isEmpty() ? 1 : Shapes.last(inputs.get(0));
    if (layer instanceof Layer.Dense dense) {
      return kernel(name, List.of(channels, dense.units()), dense.useBias());
    }
    if (layer instanceof Layer.Conv1d conv) {
      return kernel(name, List.of(conv.kernelSize(), channels, conv.filters()), conv.useBias());
    }
    if (layer instanceof Layer.Conv2d conv) {
      return kernel(name, taps(conv.window(), channels, conv.filters()), conv.useBias());
    }
    if (layer instanceof ConvolutionLayer convolution) {
      return convolution(name, convolution, channels);
    }
    if (layer instanceof RectifierLayer.Prelu prelu) {
      List<Integer> shape = prelu.alphaShape(inputs.get(0));
      return List.of(Weight.learned(name, "alpha", shape, Initializer.ZEROS));
    }
    if (layer instanceof AttentionLayer attention) {
      return AttentionGraph.weights(attention, name, inputs);
    }
    if (layer instanceof IdLayer.Embedding embedding) {
      return List.of(Weight.embeddings(name, embedding.inputSize(), embedding.outputDim()));
    }
    if (layer instanceof RecurrentLayer recurrent) {
      return RecurrentWeights.of(recurrent, name, channels);
    }
    if (layer instanceof ImportedLayer imported) {
      return ImportedGraph.weights(imported, name);
    }
    if (layer instanceof NormalizationLayer normalization) {
      return normalization(name, normalization, List.of(channels));
    }
    return List.of();
  }

  private static List<Weight> convolution(String name, ConvolutionLayer layer, int channels) {
    if (layer instanceof ConvolutionLayer.Conv2dTranspose transpose) {
      return kernel(
          name,
          taps(transpose.window(), transpose.filters(), channels),
          transpose.filters(),
          layer.useBias());
    }
    if (layer instanceof ConvolutionLayer.DepthwiseConv2d depthwise) {
      int multiplier = depthwise.depthMultiplier();
      return kernel(
          name,
          taps(depthwise.window(), channels, multiplier),
          channels * multiplier,
          layer.useBias());
    }
    ConvolutionLayer.SeparableConv2d separable = (ConvolutionLayer.SeparableConv2d) layer;
    int multiplier = separable.depthMultiplier();
    List<Integer> depthwise = taps(separable.window(), channels, multiplier);
    List<Integer> pointwise = List.of(1, 1, channels * multiplier, separable.filters());
    List<Weight> weights = new ArrayList<>();
    weights.add(Weight.learned(name, "depthwise_kernel", depthwise, Initializer.GLOROT_UNIFORM));
    weights.add(Weight.learned(name, "pointwise_kernel", pointwise, Initializer.GLOROT_UNIFORM));
    if (layer.useBias()) {
      weights.add(Weight.bias(name, separable.filters()));
    }
    return weights;
  }

  private static List<Integer> taps(Window window, int in, int out) {
    return List.of(window.height(), window.width(), in, out);
  }

  private static List<Weight> normalization(
      String name, NormalizationLayer layer, List<Integer> shape) {
    List<Weight> weights = new ArrayList<>();
    if (layer.scale()) {
      weights.add(Weight.learned(name, "gamma", shape, Initializer.ONES));
    }
    if (layer.center()) {
      weights.add(Weight.learned(name, "beta", shape, Initializer.ZEROS));
    }
    if (layer instanceof NormalizationLayer.BatchNormalization) {
      weights.add(Weight.state(name, "moving_mean", shape, Initializer.ZEROS));
      weights.add(Weight.state(name, "moving_variance", shape, Initializer.ONES));
    }
    return weights;
  }

  private static List<Weight> kernel(String name, List<Integer> shape, boolean useBias) {
    return kernel(name, shape, Shapes.last(shape), useBias);
  }

  private static List<Weight> kernel(
      String name, List<Integer> shape, int channels, boolean useBias) {
    Weight kernel = Weight.kernel(name, shape);
    return useBias ? List.of(kernel, Weight.bias(name, channels)) : List.of(kernel);
  }
}
