package io.lepton.spark.config;

import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.LayerProblem;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Source;
import io.lepton.tf.zoo.Architecture;
import java.util.List;
import java.util.Optional;

/**
 * What a model is made of: layers that are listed or were read from a file, or an architecture that
 * makes them for the data.
 *
 * @param key of the choice, below {@code settings}
 * @param architecture that makes the layers
 * @param written the model as far as its own settings tell; without layers if they are made
 * @param settings of the model
 */
record ModelChoice(
    String key, Optional<Architecture> architecture, ModelSection written, Settings settings) {
  static final String KERAS = "keras";
  static final String SAVED_MODEL = "saved-model";

  private static final String LAYERS = "layers";
  private static final String ZOO = "zoo";
  private static final String CLASS = "class";

  static ModelChoice read(Settings model) {
    List<String> keys = List.of(LAYERS, ZOO, CLASS, KERAS, SAVED_MODEL);
    model.exactlyOne(keys.toArray(String[]::new));
    String key = keys.stream().filter(model::has).findFirst().orElse(LAYERS);
    Optional<Architecture> architecture =
        switch (key) {
          case ZOO -> ZooSection.read(ZOO, model);
          case CLASS -> ClassSection.read(CLASS, model);
          default -> Optional.empty();
        };
    ModelSection written =
        switch (key) {
          case KERAS -> KerasSection.read(model.section(KERAS));
          case SAVED_MODEL -> SavedModelSection.read(model.section(SAVED_MODEL));
          default -> ModelSection.of(key, model.has(LAYERS) ? listed(model) : List.of());
        };
    return new ModelChoice(
        key,
        architecture,
        written.startingFrom(model.optionalSection("warm-start").flatMap(WarmStartSection::read)),
        model);
  }

  private static List<Node> listed(Settings model) {
    return model.items(LAYERS).stream().map(LayerSection::read).flatMap(Optional::stream).toList();
  }

  /** Whether the layers are written in the configuration. */
  boolean isListed() {
    return key.equals(LAYERS);
  }

  /** The loss that layers are made for. */
  LossChoice loss(LossChoice choice, List<LabelSection> labels) {
    return architecture.isPresent() ? choice.madeFor(labels.get(0).spec()) : choice;
  }

  /** The model; without layers, and with a problem, where they cannot be made. */
  ModelSection model(DataSection data, List<LabelSection> labels, LossChoice loss) {
    if (architecture.isEmpty()) {
      return written;
    }
    if (labels.stream().anyMatch(label -> label.loss().isPresent())) {
      settings.refuse(
          key, "learns data.label, but there is data.labels", "write model.layers for several");
      return written;
    }
    return written.with(made(architecture.get(), data, loss));
  }

  /** A problem with one layer, at its place in the list or else with the whole. */
  void refuse(LayerProblem problem, List<Node> layers) {
    int index = problem.layer();
    if (isListed()) {
      settings.refuse(key, index, problem.rule(), problem.mend());
      return;
    }
    String name = layers.get(index).nameAt(index);
    settings.refuse(key, "layer '%s' %s".formatted(name, problem.rule()), problem.mend());
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
