package io.lepton.tf.keras;

import io.lepton.arrow.ColumnSpec;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.WeightValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Sequential or Functional model as {@code model.save("….keras")} of Keras 3 writes it, as layers
 * of Lepton with the weights it was saved with.
 *
 * <p>Models inside it give their layers, called {@code model.layer}. Masks of embeddings become
 * layers of their own and inputs of those that look at them; regularizers and constraints become
 * options of weights. Shared layers, custom ones and options that Lepton does not know are refused.
 * Seeds, initializers, optimizer and loss are not read; the precision of computing is that of the
 * training, not the file's.
 *
 * @param inputs as the model declares them: names, types and shapes of an example
 * @param layers each after what it takes
 * @param outputs names of layers
 * @param weights float32 values by the variable's name
 * @param frozen patterns, see {@link io.lepton.tf.model.UpdateOptions}, of layers whose weights do
 *     not train; a training must freeze them, or batch normalizations among them compute otherwise
 */
public record KerasFile(
    List<ColumnSpec> inputs,
    List<Node> layers,
    List<String> outputs,
    Map<String, WeightValue> weights,
    List<String> frozen) {
  public KerasFile {
    inputs = List.copyOf(inputs);
    layers = List.copyOf(layers);
    outputs = List.copyOf(outputs);
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    frozen = List.copyOf(frozen);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if there is none, or it cannot be read
   * @throws KerasFileException if it is damaged, or its model not of Lepton's layers; tells all
   *     that is not
   */
  public static KerasFile read(Path file) throws IOException {
    KerasArchive archive = KerasArchive.read(file);
    ModelLayers model = ModelLayers.of(archive.config());
    if (!model.problems().isEmpty()) {
      throw new KerasFileException(file, model.problems());
    }
    Map<String, WeightValue> weights = new LinkedHashMap<>();
    try (StoredWeights stored = StoredWeights.open(file, archive.weights())) {
      model.layers().forEach(layer -> weights.putAll(layer.read(stored)));
    }
    return new KerasFile(
        model.inputs(),
        model.layers().stream().map(PlacedLayer::node).toList(),
        model.outputs(),
        weights,
        model.layers().stream()
            .filter(PlacedLayer::frozen)
            .map(layer -> layer.node().name() + "/*")
            .toList());
  }

  /**
   * The same model without a softmax or sigmoid at its outputs, as losses of classes want it.
   * Outputs that another layer takes stay.
   */
  public KerasFile logits() {
    return new KerasFile(
        inputs, layers.stream().map(this::logit).toList(), outputs, weights, frozen);
  }

  private Node logit(Node node) {
    boolean taken = layers.stream().anyMatch(other -> other.inputs().contains(node.name()));
    return outputs.contains(node.name()) && !taken
        ? new Node(node.name(), Logits.of(node.layer()), node.inputs(), node.weights())
        : node;
  }
}
