package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A tower of dense layers over what is known of the one who chooses, another over what is known of
 * what is chosen; a vector comes out of each (Covington et al., RecSys 2016; Yi et al., RecSys
 * 2019). Losses that compare vectors see both, {@code [2, width]}; for a loss over one number their
 * product comes out.
 *
 * @param user names of the inputs of the first tower; all others are of the second
 * @param embedding elements of the vector of a category or a word
 * @param hidden units of each tower's hidden layers
 * @param width elements of the vectors that come out
 */
public record TwoTower(List<String> user, int embedding, List<Integer> hidden, int width)
    implements Architecture {
  public static final String NAME = "two-tower";
  public static final TwoTower DEFAULT = new TwoTower(List.of("user"), 32, List.of(64), 32);

  public TwoTower {
    user = List.copyOf(user);
    hidden = List.copyOf(hidden);
    Options.requirePositive("embedding", embedding);
    Options.requirePositive("hidden", hidden);
    Options.requirePositive("width", width);
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    Set<String> names = inputs.stream().map(Feature::name).collect(Collectors.toSet());
    if (user.isEmpty() || !names.containsAll(user) || names.size() == Set.copyOf(user).size()) {
      throw new Inputs(NAME, inputs)
          .refusal("inputs of the first tower, user = %s, and others".formatted(user));
    }
    Blueprint blueprint = new Blueprint(NAME);
    String first = tower(inputs, true, blueprint);
    String second = tower(inputs, false, blueprint);
    if (output.equals(List.of(1))) {
      blueprint.add(new MergeLayer.Dot(false), first, second);
    } else if (output.size() == 2 && output.get(0) == 2) {
      blueprint.add(
          new Layer.Reshape(List.of(2, width)), blueprint.concatenate(List.of(first, second)));
    } else {
      throw new IllegalArgumentException(
          "%s gives two vectors or their product, [2, %d] or [1], but is to give %s; choose a loss of one of the two"
              .formatted(NAME, width, output));
    }
    return blueprint.nodes();
  }

  private String tower(List<Feature> inputs, boolean first, Blueprint blueprint) {
    List<Feature> own = inputs.stream().filter(it -> user.contains(it.name()) == first).toList();
    String features = new Vectors(blueprint, embedding).of(own);
    return blueprint.dense(
        width, Activation.LINEAR, blueprint.hidden(hidden, Activation.RELU, 0, features));
  }
}
