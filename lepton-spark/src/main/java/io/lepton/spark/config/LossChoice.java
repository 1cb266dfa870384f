package io.lepton.spark.config;

import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.ImportedLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A loss that is asked for, which may depend on the label.
 *
 * @param word for it
 * @param options of it; all at their defaults if only the word is given
 */
record LossChoice(LossWord word, LossOptions options) {
  private static final String CLASSES = "data.label.classes";

  /**
   * The loss, or empty, with a problem added at {@code loss}, if the label contradicts it.
   *
   * @param output the layer whose output it sees; empty for the last
   */
  Optional<Loss> resolve(LabelSpec label, String output, List<Node> layers, Settings training) {
    int classes = label.classes();
    return switch (word.label()) {
      case ANY ->
          Optional.of(
              (word == LossWord.AUTO ? auto(classes, hasOneUnit(output, layers)) : word)
                  .loss(Math.max(2, classes), options));
      case CLASSES ->
          classes == 0
              ? contradiction(training, "needs %s, which is not set", "set it")
              : Optional.of(word.loss(classes, options));
      case TWO_CLASSES ->
          classes == 2
              ? Optional.of(word.loss(classes, options))
              : contradiction(
                  training,
                  classes == 0
                      ? "needs %s = 2, which is not set"
                      : "needs %s = 2, but that is " + classes,
                  "change one of the two");
      case NUMBER ->
          classes == 0
              ? Optional.of(word.loss(classes, options))
              : contradiction(
                  training,
                  "takes a number to regress, but %s = " + classes,
                  "drop one of the two");
    };
  }

  /** What {@code auto} is for a model that is made for the label. */
  LossChoice madeFor(LabelSpec label) {
    return word == LossWord.AUTO ? new LossChoice(auto(label.classes(), true), options) : this;
  }

  /**
   * The shape that a model made for the label has to give.
   *
   * @param shape of the label; a dimension may be {@link Loss#ANY}
   */
  List<Integer> outputShape(LabelSpec label, List<Integer> shape) {
    return madeFor(label)
        .word
        .loss(Math.max(2, label.classes()), options)
        .outputShapes(shape)
        .get(0);
  }

  private static LossWord auto(int classes, boolean oneUnit) {
    if (classes == 0) {
      return LossWord.SQUARED_ERROR;
    }
    return classes == 2 && oneUnit ? LossWord.SIGMOID : LossWord.SOFTMAX;
  }

  private static boolean hasOneUnit(String output, List<Node> layers) {
    return IntStream.range(0, layers.size())
        .filter(
            i -> output.isEmpty() ? i == layers.size() - 1 : layers.get(i).nameAt(i).equals(output))
        .anyMatch(i -> hasOneUnit(i, layers));
  }

  private static boolean hasOneUnit(int index, List<Node> layers) {
    Layer layer = layers.get(index).layer();
    if (layer instanceof Layer.ActivationLayer) {
      List<String> inputs = layers.get(index).inputs();
      return inputs.isEmpty()
          ? index > 0 && hasOneUnit(index - 1, layers)
          : hasOneUnit(inputs.get(0), layers.subList(0, index));
    }
    return (layer instanceof ImportedLayer imported
            && imported.outputShape(List.of()).equals(List.of(1)))
        || (layer instanceof Layer.Dense dense && dense.units() == 1)
        || (layer instanceof Layer.Conv1d steps && steps.filters() == 1)
        || (layer instanceof Layer.Conv2d pixels && pixels.filters() == 1);
  }

  private static Optional<Loss> contradiction(Settings training, String rule, String mend) {
    training.refuse(LossSection.KEY, rule.formatted(CLASSES), mend);
    return Optional.empty();
  }
}
