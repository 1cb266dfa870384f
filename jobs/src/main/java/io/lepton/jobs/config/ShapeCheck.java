package io.lepton.jobs.config;

import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import java.util.List;
import java.util.Optional;

/** Follows the shape of an example through the layers to the loss, before anything is compiled. */
final class ShapeCheck {
  private static final String LAYERS = "layers";

  private final Settings model;
  private final List<Layer> layers;

  ShapeCheck(Settings model, List<Layer> layers) {
    this.model = model;
    this.layers = layers;
  }

  /** Adds a problem at the layer that cannot take its input, or at the last if the loss cannot. */
  void run(List<Integer> input, Loss loss) {
    Optional<List<Integer>> shape = Optional.of(input);
    for (int i = 0; i < layers.size() && shape.isPresent(); i++) {
      shape = through(i, shape.get());
    }
    shape.ifPresent(output -> requireOutput(output, loss));
  }

  private Optional<List<Integer>> through(int index, List<Integer> shape) {
    try {
      return Optional.of(layers.get(index).outputShape(shape));
    } catch (IllegalArgumentException e) {
      String[] words = e.getMessage().split("; ", 2);
      refuse(index, words[0], words.length > 1 ? words[1] : "change its options");
      return Optional.empty();
    }
  }

  private void requireOutput(List<Integer> output, Loss loss) {
    int units = loss instanceof Loss.Softmax softmax ? softmax.classes() : 1;
    if (!output.equals(List.of(units))) {
      refuse(
          layers.size() - 1,
          "gives %s, but training.loss wants %s: %s".formatted(output, List.of(units), why(loss)),
          "end with { dense { units = %d } }".formatted(units));
    }
  }

  private static String why(Loss loss) {
    if (loss instanceof Loss.Softmax softmax) {
      return "it is softmax, and data.label.classes = " + softmax.classes();
    }
    return loss instanceof Loss.Sigmoid ? "it is sigmoid" : "it is squared-error";
  }

  private void refuse(int index, String rule, String mend) {
    model.refuse(LAYERS, index, rule, mend);
  }
}
