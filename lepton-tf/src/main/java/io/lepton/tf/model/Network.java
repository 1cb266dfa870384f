package io.lepton.tf.model;

import io.lepton.tf.savedmodel.ImportedGradients;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Layers that fit together, in an order in which each comes after what it takes. */
record Network(List<Part> parts) {
  /**
   * A layer in its place.
   *
   * @param index position in the model's list
   * @param name in graphs and among variables
   * @param inputs names of parts or of the model's inputs
   * @param inputShapes one for each input
   * @param options of its weights
   */
  record Part(
      int index,
      String name,
      Layer layer,
      List<String> inputs,
      List<List<Integer>> inputShapes,
      List<Integer> shape,
      WeightOptions options) {

    List<Weight> weights() {
      return LayerWeights.of(layer, name, inputShapes).stream().map(options::applyTo).toList();
    }

    LayerSummary summary() {
      long parameters = weights().stream().mapToLong(Weight::size).sum();
      return new LayerSummary(name, layer.kind(), shape, parameters, Flops.of(this));
    }
  }

  /** That of a wiring without problems. */
  static Network of(Wiring wiring, List<Node> layers) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      String name = layers.get(i).nameAt(i);
      List<String> inputs = wiring.inputs(i);
      List<List<Integer>> shapes =
          inputs.stream().map(input -> wiring.shape(input).orElseThrow()).toList();
      parts.add(
          new Part(
              i,
              name,
              layers.get(i).layer(),
              inputs,
              shapes,
              wiring.shape(name).orElseThrow(),
              layers.get(i).weights()));
    }
    return new Network(parts);
  }

  /** The layer of a name, the last of the empty one. */
  Part part(String output) {
    return output.isEmpty()
        ? parts.get(parts.size() - 1)
        : parts.stream().filter(part -> part.name().equals(output)).findFirst().orElseThrow();
  }

  /** The signature that gives loss and gradients; empty if the loss is differentiated. */
  Optional<ImportedGradients> signature() {
    return parts.stream()
        .map(Part::layer)
        .filter(ImportedLayer.class::isInstance)
        .flatMap(layer -> ((ImportedLayer) layer).model().gradients().stream())
        .findFirst();
  }

  /** The weights and state of all layers, in order. */
  List<Weight> weights() {
    return parts.stream().flatMap(part -> part.weights().stream()).toList();
  }

  List<LayerSummary> summaries() {
    return parts.stream().map(Part::summary).toList();
  }
}
