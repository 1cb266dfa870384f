package io.lepton.tf.model;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A layer and its place in a model.
 *
 * @param name letters, digits and {@code _ . -}, unique among nodes and inputs; empty for {@code
 *     kind_index} with the index in the model's list, such as {@code conv2d_1}
 * @param layer what it does
 * @param inputs names of nodes before it or of the model's inputs; empty for the node before it, or
 *     the model's only input if it is the first
 * @param weights what is said of its weights
 */
public record Node(String name, Layer layer, List<String> inputs, WeightOptions weights)
    implements Serializable {
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]*)?");

  public Node {
    inputs = List.copyOf(inputs);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name must be letters, digits and _ . - and start with a letter or digit, but was: "
              + name);
    }
  }

  /** A node of which nothing is said about its weights. */
  public Node(String name, Layer layer, List<String> inputs) {
    this(name, layer, inputs, WeightOptions.NONE);
  }

  /** A node without a name of its own, after the one before it. */
  public static Node of(Layer layer) {
    return new Node("", layer, List.of());
  }

  /** Layers one after the other. */
  public static List<Node> chain(Layer... layers) {
    return Stream.of(layers).map(Node::of).toList();
  }

  /** The name it has at a position of the model's list. */
  public String nameAt(int index) {
    return name.isEmpty() ? layer.kind() + "_" + index : name;
  }
}
