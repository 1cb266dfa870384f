package io.lepton.tf.zoo;

import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Initializer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.MergeLayer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.NormalizationLayer;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.WeightOptions;
import io.lepton.tf.model.Window;
import java.util.ArrayList;
import java.util.List;

/** Layers as they are put together; what is added is known by a name, which others take it by. */
final class Blueprint {
  private static final double BYTE = 1 / 255.0;
  private static final double MOMENTUM = 0.9;
  private static final double EPSILON = 1e-3;

  private final String architecture;
  private final List<Node> nodes = new ArrayList<>();

  /**
   * An empty one.
   *
   * @param architecture its name, for messages
   */
  Blueprint(String architecture) {
    this.architecture = architecture;
  }

  List<Node> nodes() {
    return List.copyOf(nodes);
  }

  String add(Layer layer, String... inputs) {
    return add(layer, WeightOptions.NONE, inputs);
  }

  String add(Layer layer, WeightOptions weights, String... inputs) {
    Node node = new Node("", layer, List.of(inputs), weights);
    nodes.add(node);
    return node.nameAt(nodes.size() - 1);
  }

  String flatten(String input) {
    return add(new Layer.Flatten(), input);
  }

  String dense(int units, Activation activation, String input) {
    return add(new Layer.Dense(units, activation, true), input);
  }

  /** Dense layers one after the other, dropout after each. */
  String hidden(List<Integer> units, Activation activation, double dropout, String input) {
    String last = input;
    for (int width : units) {
      last = dropout(dropout, dense(width, activation, last));
    }
    return last;
  }

  /** Nothing is added for a rate of 0. */
  String dropout(double rate, String input) {
    return rate == 0 ? input : add(new Layer.Dropout(rate), input);
  }

  /** Several side by side, or the only one as it is. */
  String concatenate(List<String> inputs) {
    return inputs.size() == 1
        ? inputs.get(0)
        : add(new MergeLayer.Concatenate(), inputs.toArray(String[]::new));
  }

  /** An image's pixels from 0 to 1. */
  String pixels(Feature image) {
    return add(new Layer.Rescaling(BYTE, 0), image.name());
  }

  /** A convolution without a bias, which keeps the size but for its strides, and its statistics. */
  String normalizedConvolution(int filters, int size, int strides, String input) {
    String convolution =
        add(
            new Layer.Conv2d(
                filters, Window.square(size, strides, Padding.SAME), Activation.LINEAR, false),
            WeightOptions.NONE.initialized("kernel", Initializer.HE_NORMAL),
            input);
    return add(
        new NormalizationLayer.BatchNormalization(MOMENTUM, EPSILON, true, true), convolution);
  }

  String relu(String input) {
    return add(new Layer.ActivationLayer(Activation.RELU), input);
  }

  /** A dense layer of as many units as the output has elements, in its shape. */
  void output(List<Integer> output, String input) {
    reshape(output, dense(elements(output), Activation.LINEAR, input));
  }

  /** Gives elements another shape, if that has more dimensions than one. */
  void reshape(List<Integer> output, String input) {
    if (output.size() > 1) {
      add(new Layer.Reshape(output), input);
    }
  }

  /** How many numbers an output has. */
  int elements(List<Integer> output) {
    if (output.contains(Loss.ANY)) {
      throw new IllegalArgumentException(
          "%s gives an output of known size, but here it is to be %s; take another model or another loss"
              .formatted(architecture, output.toString().replace(String.valueOf(Loss.ANY), "any")));
    }
    long elements = output.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    if (elements > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s gives at most %d numbers, but the label has the shape %s; make that smaller"
              .formatted(architecture, Integer.MAX_VALUE, output));
    }
    return (int) elements;
  }
}
