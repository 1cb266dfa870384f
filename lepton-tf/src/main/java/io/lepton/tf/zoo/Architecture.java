package io.lepton.tf.zoo;

import io.lepton.tf.model.Node;
import java.util.List;

/** Makes the layers of a model that fit what it is given and what it has to give. */
@FunctionalInterface
public interface Architecture {
  /**
   * The layers of a model.
   *
   * @param inputs all that the model is given, sorted by name; layers take them by their names, and
   *     each must be taken
   * @param output the shape of what the last layer must give for one example, such as {@code [10]}
   *     logits of 10 classes or {@code [1]} for a number. A dimension is {@link
   *     io.lepton.tf.model.Loss#ANY} where the loss leaves it to the model, or where only the data
   *     knows it
   * @return a graph, each node after what it takes
   * @throws IllegalArgumentException if it cannot be made for these; the message is the rule and,
   *     after a semicolon, the mend
   */
  List<Node> layers(List<Feature> inputs, List<Integer> output);
}
