package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.List;

/**
 * Neural matrix factorisation of users and items (He et al., WWW 2017): the product of their
 * vectors element by element, beside dense layers over other vectors of theirs, and a dense layer
 * over both. Takes two inputs of categories, each of one column.
 *
 * @param embedding elements of each of the four kinds of vectors
 * @param hidden units of the dense layers
 * @param dropout after each of them
 */
public record NeuMf(int embedding, List<Integer> hidden, double dropout) implements Architecture {
  public static final String NAME = "neumf";
  public static final NeuMf DEFAULT = new NeuMf(16, List.of(32, 16), 0);

  public NeuMf {
    hidden = List.copyOf(hidden);
    Options.requirePositive("embedding", embedding);
    Options.requirePositive("hidden", hidden);
    Options.requireFraction("dropout", dropout);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    List<Feature> both = new Inputs(NAME, inputs).exactly(2, "two inputs of categories", Kind.IDS);
    Blueprint blueprint = new Blueprint(NAME);
    Vectors vectors = new Vectors(blueprint, embedding);
    String product =
        blueprint.add(new MergeLayer.Multiply(), vectors.of(both.get(0)), vectors.of(both.get(1)));
    String deep = blueprint.hidden(hidden, Activation.RELU, dropout, vectors.of(both));
    blueprint.output(output, blueprint.concatenate(List.of(product, deep)));
    return blueprint.nodes();
  }
}
