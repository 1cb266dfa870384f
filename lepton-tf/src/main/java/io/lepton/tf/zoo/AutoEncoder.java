package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.zoo.Feature.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Dense layers that become narrower and wider again, with ReLU but for the code in the middle, over
 * one input of numbers or an image, which is what they learn to give back (Hinton and
 * Salakhutdinov, 2006): examples unlike those they learned from are given back badly.
 *
 * @param hidden units of the layers before the code; the same in reverse come after it
 * @param code units in the middle
 * @param features how many numbers the input has; 0 where that is known without it
 */
public record AutoEncoder(List<Integer> hidden, int code, int features) implements Architecture {
  public static final String NAME = "auto-encoder";
  public static final AutoEncoder DEFAULT = new AutoEncoder(List.of(64), 8, 0);

  private static final int BYTE = 255;

  public AutoEncoder {
    hidden = List.copyOf(hidden);
    Options.requirePositive("hidden", hidden);
    Options.requirePositive("code", code);
    if (features < 0) {
      throw new IllegalArgumentException("features must not be negative, but was: " + features);
    }
  }

  @Override
  public List<Node> layers(List<Feature> inputs, List<Integer> output) {
    Feature input =
        new Inputs(NAME, inputs).only("one input of numbers or an image", Kind.NUMBERS, Kind.IMAGE);
    Blueprint blueprint = new Blueprint(NAME);
    String wide = blueprint.hidden(hidden, Activation.RELU, 0, new Vectors(blueprint, 1).of(input));
    List<Integer> reverse = new ArrayList<>(hidden);
    Collections.reverse(reverse);
    String last =
        blueprint.hidden(
            reverse, Activation.RELU, 0, blueprint.dense(code, Activation.LINEAR, wide));
    List<Integer> shape = known(output);
    int elements = blueprint.elements(shape);
    String given = blueprint.dense(elements, Activation.LINEAR, last);
    blueprint.reshape(
        shape,
        input.kind() == Kind.IMAGE ? blueprint.add(new Layer.Rescaling(BYTE, 0), given) : given);
    return blueprint.nodes();
  }

  private List<Integer> known(List<Integer> output) {
    if (!output.equals(List.of(Loss.ANY))) {
      return output;
    }
    if (features == 0) {
      throw new IllegalArgumentException(
          "%s must know how many numbers to give back, which only the data tells; set its option features"
              .formatted(NAME));
    }
    return List.of(features);
  }
}
