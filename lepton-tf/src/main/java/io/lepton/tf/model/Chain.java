package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Layers that fit together.
 *
 * @param shapes what goes into each layer, and last what comes out of the last
 */
record Chain(List<Layer> layers, List<List<Integer>> shapes) {

  /**
   * Folds the shape of an example through the layers.
   *
   * @throws ModelException if a layer cannot take what the one before it gives
   */
  static Chain of(List<Layer> layers, List<Integer> input) {
    List<List<Integer>> shapes = new ArrayList<>();
    shapes.add(input);
    for (int i = 0; i < layers.size(); i++) {
      try {
        shapes.add(layers.get(i).outputShape(shapes.get(i)));
      } catch (IllegalArgumentException e) {
        throw new ModelException("layer %d: %s".formatted(i, e.getMessage()), e);
      }
    }
    return new Chain(layers, shapes);
  }

  List<Integer> outputShape() {
    return shapes.get(layers.size());
  }

  /** A layer's name in graphs and among variables. */
  String name(int index) {
    return layers.get(index).kind() + "_" + index;
  }

  /** The last layer as messages name it. */
  String lastLayer() {
    int last = layers.size() - 1;
    return "layer %d (%s)".formatted(last, layers.get(last).kind());
  }

  /** The weights of all layers, in order. */
  List<Weight> weights() {
    List<Weight> weights = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      weights.addAll(weights(i));
    }
    return weights;
  }

  List<LayerSummary> summaries() {
    List<LayerSummary> summaries = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      long parameters = weights(i).stream().mapToLong(Weight::size).sum();
      summaries.add(new LayerSummary(layers.get(i).kind(), shapes.get(i + 1), parameters));
    }
    return summaries;
  }

  private List<Weight> weights(int index) {
    List<Integer> input = shapes.get(index);
    if (layers.get(index) instanceof Layer.Dense dense) {
      return weights(index, List.of(input.get(0), dense.units()), dense.useBias());
    }
    if (layers.get(index) instanceof Layer.Conv2d conv) {
      int k = conv.kernelSize();
      return weights(index, List.of(k, k, input.get(2), conv.filters()), conv.useBias());
    }
    return List.of();
  }

  private List<Weight> weights(int index, List<Integer> kernel, boolean useBias) {
    String name = name(index);
    return useBias
        ? List.of(Weight.kernel(name, kernel), Weight.bias(name, kernel.get(kernel.size() - 1)))
        : List.of(Weight.kernel(name, kernel));
  }
}
