package io.lepton.spark.config;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Node;
import io.lepton.tf.zoo.Architecture;
import io.lepton.tf.zoo.Feature;
import java.util.List;
import java.util.Map;

/** A user's class: one hidden layer over the only input. */
public final class OwnNetwork implements Architecture {
  private final int width;

  /** One of 4 units. */
  public OwnNetwork() {
    this(Map.of("width", 4));
  }

  /** One of {@code width} units. */
  public OwnNetwork(Map<String, Object> options) {
    width = ((Number) options.get("width")).intValue();
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    return Node.chain(
        new Layer.Dense(width, Activation.TANH, true),
        new Layer.Dense(output.get(0), Activation.LINEAR, true));
  }
}
