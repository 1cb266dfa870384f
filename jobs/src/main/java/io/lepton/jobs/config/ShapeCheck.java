package io.lepton.jobs.config;

import io.lepton.tf.model.LayerProblem;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Source;
import io.lepton.tf.model.Wiring;
import java.util.List;
import java.util.stream.Collectors;

/** Follows the shapes of an example through the layers to the loss, before anything is compiled. */
final class ShapeCheck {
  private static final String LAYERS = "layers";
  private static final String LAST = "";

  private final Settings model;
  private final List<Node> layers;

  ShapeCheck(Settings model, List<Node> layers) {
    this.model = model;
    this.layers = layers;
  }

  /**
   * Adds a problem at each layer that cannot take its inputs, and at the last if the loss cannot
   * take what it gives.
   *
   * @param label shape of one
   */
  void run(List<Source> inputs, List<Integer> label, Loss loss) {
    Wiring wiring = Wiring.of(inputs, layers, List.of(LAST));
    wiring.problems().forEach(this::refuse);
    wiring.shape(LAST).ifPresent(output -> requireOutput(output, label, loss));
  }

  private void requireOutput(List<Integer> output, List<Integer> label, Loss loss) {
    List<List<Integer>> wanted = loss.outputShapes(label);
    if (!wanted.contains(output)) {
      String shapes = wanted.stream().map(List::toString).collect(Collectors.joining(" or "));
      refuse(
          new LayerProblem(
              layers.size() - 1,
              "gives %s, but training.loss wants %s: %s".formatted(output, shapes, why(loss)),
              label.isEmpty()
                  ? "end with { dense { units = %d } }".formatted(wanted.get(0).get(0))
                  : "end with a layer that gives that for a label of shape " + label));
    }
  }

  private static String why(Loss loss) {
    if (loss instanceof Loss.Softmax softmax) {
      return "it is softmax, and data.label.classes = " + softmax.classes();
    }
    return loss instanceof Loss.Sigmoid ? "it is sigmoid" : "it is squared-error";
  }

  private void refuse(LayerProblem problem) {
    model.refuse(LAYERS, problem.layer(), problem.rule(), problem.mend());
  }
}
