package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;

/** A rectifier whose slope below 0 is a choice: {@code x} above 0, {@code slope·x} below. */
public sealed interface RectifierLayer extends Layer {
  @Override
  default List<Integer> outputShape(List<List<Integer>> inputs) {
    return inputs.get(0);
  }

  /** One slope for all. */
  record LeakyRelu(double negativeSlope) implements RectifierLayer {
    public LeakyRelu {
      Numbers.requireNotNegative("negative-slope", negativeSlope);
    }

    @Override
    public String kind() {
      return "leaky-relu";
    }
  }

  /**
   * A learned slope for each element (He, ICCV 2015), at first 0; weights {@code alpha} of the
   * shape of the input.
   *
   * @param sharedAxes dimensions, from 1, along which all elements have the same slope, such as 1
   *     and 2 for one slope a channel of an image
   */
  record Prelu(List<Integer> sharedAxes) implements RectifierLayer {
    public Prelu {
      sharedAxes = List.copyOf(sharedAxes);
      sharedAxes.forEach(axis -> Shapes.requirePositive("shared-axes", axis));
    }

    @Override
    public String kind() {
      return "prelu";
    }

    @Override
    public List<String> weightNames() {
      return List.of("alpha");
    }

    @Override
    public List<Integer> outputShape(List<List<Integer>> inputs) {
      List<Integer> input = inputs.get(0);
      for (int axis : sharedAxes) {
        if (axis > input.size()) {
          throw new IllegalArgumentException(
              "prelu shares slopes along dimensions of its input, but was given %s for %d; name dimensions from 1 to %d"
                  .formatted(input, axis, input.size()));
        }
      }
      return input;
    }

    List<Integer> alphaShape(List<Integer> input) {
      List<Integer> shape = new ArrayList<>(input);
      sharedAxes.forEach(axis -> shape.set(axis - 1, 1));
      return List.copyOf(shape);
    }
  }
}
