package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A factorisation machine and dense layers over the same vectors (Guo et al., IJCAI 2017), of any
 * inputs of numbers and categories.
 *
 * <p>Every column of categories has a vector, and so has each input of numbers as a whole, its
 * product with a matrix. To a linear model are added the products of all pairs of vectors, {@code
 * (|Σv|² − Σ|v|²)/2} (Rendle, 2010), and what dense layers make of all vectors side by side. Where
 * more than one number comes out, each has a weight of its own for the pairs.
 *
 * @param embedding elements of a vector
 * @param hidden units of the dense layers
 * @param dropout after each of them
 */
public record DeepFm(int embedding, List<Integer> hidden, double dropout) implements Architecture {
  public static final String NAME = "deepfm";
  public static final DeepFm DEFAULT = new DeepFm(16, List.of(128, 64), 0);

  private static final double HALF = 0.5;

  public DeepFm {
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
    List<String> sums = new ArrayList<>();
    List<String> vectors = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    for (Feature feature : all) {
      parts.add(linear.of(feature, units));
      boolean numbers = feature.kind() == Kind.NUMBERS;
      String own =
          numbers
              ? linear.projected(feature, embedding)
              : new Vectors(blueprint, embedding).embedded(feature);
      sums.add(numbers ? own : linear.sum(feature, own));
      vectors.add(numbers ? own : blueprint.flatten(own));
    }
    String fields = blueprint.concatenate(vectors);
    parts.add(weighed(pairs(sum(sums, blueprint), fields, blueprint), units, blueprint));
    String deep = blueprint.hidden(hidden, Activation.RELU, dropout, fields);
    parts.add(blueprint.dense(units, Activation.LINEAR, deep));
    blueprint.reshape(output, sum(parts, blueprint));
    return blueprint.nodes();
  }

  private static String pairs(String sum, String fields, Blueprint blueprint) {
    String all = blueprint.add(new MergeLayer.Dot(false), sum, sum);
    String own = blueprint.add(new MergeLayer.Dot(false), fields, fields);
    String twice = blueprint.add(new MergeLayer.Subtract(), all, own);
    return blueprint.add(new Layer.Rescaling(HALF, 0), twice);
  }

  private static String weighed(String pairs, int units, Blueprint blueprint) {
    return units == 1
        ? pairs
        : blueprint.add(new Layer.Dense(units, Activation.LINEAR, false), pairs);
  }

  private static String sum(List<String> parts, Blueprint blueprint) {
    return parts.size() == 1
        ? parts.get(0)
        : blueprint.add(new MergeLayer.Add(), parts.toArray(String[]::new));
  }
}
