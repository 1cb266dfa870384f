package io.lepton.jobs.config;

import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.LayerProblem;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Source;
import io.lepton.tf.zoo.Architecture;
import java.util.List;
import java.util.Optional;

/**
 * What a model is made of: layers that are listed, or an architecture that makes them for the data.
 *
 * @param key of the choice, below {@code settings}
 * @param listed layers; none if they are made
 * @param architecture that makes them
 * @param settings of the model
 */
record ModelChoice(
    String key, List<Node> listed, Optional<Architecture> architecture, Settings settings) {
  private static final String LAYERS = "layers";
  private static final String ZOO = "zoo";
  private static final String CLASS = "class";

  ModelChoice {
    listed = List.copyOf(listed);
  }

  static ModelChoice read(Settings model) {
    model.exactlyOne(LAYERS, ZOO, CLASS);
    if (model.has(ZOO)) {
      return new ModelChoice(ZOO, List.of(), ZooSection.read(ZOO, model), model);
    }
    if (model.has(CLASS)) {
      return new ModelChoice(CLASS, List.of(), ClassSection.read(CLASS, model), model);
    }
    List<Node> layers =
        model.has(LAYERS)
            ? model.items(LAYERS).stream()
                .map(LayerSection::read)
                .flatMap(Optional::stream)
                .toList()
            : List.of();
    return new ModelChoice(LAYERS, layers, Optional.empty(), model);
  }

  /** The loss that layers are made for. */
  LossChoice loss(LossChoice choice, List<LabelSection> labels) {
    return architecture.isPresent() ? choice.madeFor(labels.get(0).spec()) : choice;
  }

  /** The layers; none, and a problem, where they cannot be made. */
  List<Node> layers(DataSection data, List<LabelSection> labels, LossChoice loss) {
    if (architecture.isEmpty()) {
      return listed;
    }
    if (labels.stream().anyMatch(label -> label.loss().isPresent())) {
      settings.refuse(
          key, "learns data.label, but there is data.labels", "write model.layers for several");
      return List.of();
    }
    return made(architecture.get(), data, loss);
  }

  /** A problem with one layer, at its place in the list or else with the whole. */
  void refuse(LayerProblem problem, List<Node> layers) {
    int index = problem.layer();
    if (key.equals(LAYERS)) {
      settings.refuse(key, index, problem.rule(), problem.mend());
      return;
    }
    String name = layers.get(index).nameAt(index);
    settings.refuse(
        key, "has a problem at its layer %s: %s".formatted(name, problem.rule()), problem.mend());
  }

  private List<Node> made(Architecture architecture, DataSection data, LossChoice loss) {
    LabelSpec label = data.labels().get(0);
    try {
      return architecture.layers(
          data.inputs().stream().map(InputSection::feature).toList(),
          loss.outputShape(label, shape(label, data.sources())));
    } catch (IllegalArgumentException e) {
      String[] words = e.getMessage().split("; ", 2);
      settings.refuse(key, words[0], words.length > 1 ? words[1] : "change its options");
      return List.of();
    }
  }

  private static List<Integer> shape(LabelSpec label, List<Source> sources) {
    return label.hasColumn()
        ? label.shape()
        : sources.stream()
            .filter(source -> source.name().equals(label.input()))
            .findFirst()
            .flatMap(Source::shape)
            .orElse(List.of(Loss.ANY));
  }
}
