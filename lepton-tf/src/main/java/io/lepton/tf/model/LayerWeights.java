package io.lepton.tf.model;

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
    if (layer instanceof IdLayer.Embedding embedding) {
      return List.of(Weight.embeddings(name, embedding.inputSize(), embedding.outputDim()));
    }
    if (layer instanceof RecurrentLayer recurrent) {
      return RecurrentWeights.of(recurrent, name, channels);
    }
    if (layer instanceof ImportedLayer imported) {
      return ImportedGraph.weights(imported, name);
    }
    return List.of();
  }

  private static List<Weight> kernel(String name, List<Integer> shape, boolean useBias) {
    Weight kernel = Weight.kernel(name, shape);
    return useBias ? List.of(kernel, Weight.bias(name, Shapes.last(shape))) : List.of(kernel);
  }
}
