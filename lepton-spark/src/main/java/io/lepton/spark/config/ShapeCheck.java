package io.lepton.spark.config;

import io.lepton.spark.Objective;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.LayerProblem;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.RankingLoss;
import io.lepton.tf.model.Source;
import io.lepton.tf.model.Wiring;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Follows the shapes of an example through the layers to the loss, before anything is compiled. */
final class ShapeCheck {
  private final ModelChoice choice;
  private final List<Node> layers;

  /**
   * A check of the layers that a choice led to.
   *
   * @param choice that knows where to tell a problem
   */
  ShapeCheck(ModelChoice choice, List<Node> layers) {
    this.choice = choice;
    this.layers = layers;
  }

  /**
   * Adds a problem at each layer that cannot take its inputs, and at those whose output a loss
   * cannot take.
   *
   * @param objectives of the labels, in their order
   */
  void run(List<Source> inputs, List<LabelSpec> labels, List<Objective> objectives) {
    Wiring wiring = Wiring.of(inputs, layers, objectives.stream().map(Objective::output).toList());
    wiring.problems().forEach(this::refuse);
    for (int i = 0; i < objectives.size(); i++) {
      Objective objective = objectives.get(i);
      LabelSpec spec = labels.get(i);
      Optional<List<Integer>> label =
          spec.hasColumn() ? Optional.of(spec.shape()) : wiring.shape(spec.input());
      Optional<List<Integer>> output = wiring.shape(objective.output());
      if (label.isPresent() && output.isPresent()) {
        requireOutput(objective, output.get(), label.get());
      }
    }
  }

  private void requireOutput(Objective objective, List<Integer> output, List<Integer> label) {
    Loss loss = objective.loss();
    if (!loss.takes(output, label)) {
      refuse(
          new LayerProblem(
              index(objective.output()),
              "gives %s, but training.loss wants %s: %s"
                  .formatted(output, loss.outputWords(label), why(loss)),
              choice.isListed()
                  ? mend(loss, label)
                  : "choose another loss or label, or export a model that gives that"));
    }
  }

  private static String mend(Loss loss, List<Integer> label) {
    if (loss instanceof RankingLoss) {
      return loss instanceof RankingLoss.Bpr
          ? "end with a layer that gives two scores or more"
          : "end with concatenate and { reshape { shape = [%d, …] } }"
              .formatted(loss.outputShapes(label).get(0).get(0));
    }
    return label.isEmpty()
        ? "end with { dense { units = %d } }".formatted(loss.outputShapes(label).get(0).get(0))
        : "end with a layer that gives that for a label of shape " + label;
  }

  private int index(String output) {
    return IntStream.range(0, layers.size())
        .filter(i -> layers.get(i).nameAt(i).equals(output))
        .findFirst()
        .orElse(layers.size() - 1);
  }

  private static String why(Loss loss) {
    if (loss instanceof Loss.Softmax softmax) {
      return "it is softmax, and data.label.classes = " + softmax.classes();
    }
    return "it is " + loss.title();
  }

  private void refuse(LayerProblem problem) {
    choice.refuse(problem, layers);
  }
}
