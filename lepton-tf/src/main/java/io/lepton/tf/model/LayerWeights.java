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
      int k = conv.kernelSize();
      return kernel(name, List.of(k, k, channels, conv.filters()), conv.useBias());
    }
    if (layer instanceof AttentionLayer attention) {
      return AttentionGraph.weights(attention, name, inputs);
    }
    if (layer instanceof IdLayer.Embedding embedding) {
      return List.of(Weight.embeddings(name, embedding.inputSize(), embedding.outputDim()));
    }
    if (layer instanceof ImportedLayer imported) {
      return ImportedGraph.weights(imported, name);
    }
    if (layer instanceof NormalizationLayer normalization) {
      return normalization(name, normalization, List.of(channels));
    }
    return List.of();
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
    Weight kernel = Weight.kernel(name, shape);
    return useBias ? List.of(kernel, Weight.bias(name, Shapes.last(shape))) : List.of(kernel);
  }
}
