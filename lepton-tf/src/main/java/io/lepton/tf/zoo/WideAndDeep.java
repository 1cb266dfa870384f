package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear model and dense layers over embeddings, trained together (Cheng et al., 2016), of any
 * inputs of numbers and categories. Crossed columns are left to the data.
 *
 * @param embedding elements of a category's vector
 * @param hidden units of the dense layers
 * @param dropout after each of them
 */
public record WideAndDeep(int embedding, List<Integer> hidden, double dropout)
    implements Architecture {
  public static final String NAME = "wide-and-deep";
  public static final WideAndDeep DEFAULT = new WideAndDeep(16, List.of(128, 64), 0);

  public WideAndDeep {
    hidden = List.copyOf(hidden);
    Options.requirePositive("embedding", embedding);
    Options.requirePositive("hidden", hidden);
    Options.requireFraction("dropout", dropout);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    List<Feature> all = new Inputs(NAME, inputs).all(Linear.WORDS, Kind.NUMBERS, Kind.IDS);
    Blueprint blueprint = new Blueprint(NAME);
    int units = blueprint.elements(output);
    Linear linear = new Linear(NAME, blueprint);
    List<String> parts = new ArrayList<>();
    all.forEach(feature -> parts.add(linear.of(feature, units)));
    String features = new Vectors(blueprint, embedding).of(all);
    String deep = blueprint.hidden(hidden, Activation.RELU, dropout, features);
    parts.add(blueprint.dense(units, Activation.LINEAR, deep));
    blueprint.reshape(output, blueprint.add(new MergeLayer.Add(), parts.toArray(String[]::new)));
    return blueprint.nodes();
  }
}
