package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Node;
import java.util.List;

/**
 * Dense layers over all inputs side by side, of any kinds.
 *
 * @param hidden units of each hidden layer; none for a linear model
 * @param embedding elements of the vector of a category or a word
 * @param activation of the hidden layers
 * @param dropout after each of them
 */
public record Mlp(List<Integer> hidden, int embedding, Activation activation, double dropout)
    implements Architecture {
  public static final String NAME = "mlp";
  public static final Mlp DEFAULT = new Mlp(List.of(128, 64), 16, Activation.RELU, 0);

  public Mlp {
    hidden = List.copyOf(hidden);
    Options.requirePositive("hidden", hidden);
    Options.requirePositive("embedding", embedding);
    Options.requireFraction("dropout", dropout);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    List<Feature> all = new Inputs(NAME, inputs).all("inputs of any kind", Feature.Kind.values());
    Blueprint blueprint = new Blueprint(NAME);
    String features = new Vectors(blueprint, embedding).of(all);
    blueprint.output(output, blueprint.hidden(hidden, activation, dropout, features));
    return blueprint.nodes();
  }
}
