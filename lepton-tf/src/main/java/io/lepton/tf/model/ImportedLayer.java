package io.lepton.tf.model;

import io.lepton.tf.savedmodel.ImportedModel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A model out of a SavedModel as one layer, with the weights it was exported with. Layers may come
 * before and after it.
 *
 * <p>Its inputs are those of the model, in the order of their names; integers must be inputs stored
 * as such, without transforms. Its weights are named after the model's own, behind the node's name.
 *
 * @param model as it was read
 * @param output the one that comes out
 * @param logits whether what goes into the softmax or sigmoid at the output's end comes out
 *     instead, as a loss of classes wants it
 */
public record ImportedLayer(ImportedModel model, String output, boolean logits) implements Layer {
  public ImportedLayer {
    if (find(model, output).isEmpty()) {
      throw new IllegalArgumentException(
          "output must be one of the model's, but was: %s; %s"
              .formatted(
                  output,
                  Nearest.tell(
                      output, model.outputs().stream().map(ImportedModel.Output::name).toList())));
    }
  }

  /** The only output of a model, or that of a name, as it is exported. */
  public static ImportedLayer of(ImportedModel model, String output) {
    return new ImportedLayer(model, output.isEmpty() ? only(model) : output, false);
  }

  /** The only output of a model, or that of a name, as a loss takes it. */
  public static ImportedLayer of(ImportedModel model, String output, Loss loss) {
    return loss.classes() > 0 ? of(model, output).asLogits() : of(model, output);
  }

  /** The same with what goes into a softmax or sigmoid at its end. */
  public ImportedLayer asLogits() {
    return new ImportedLayer(model, output, true);
  }

  /**
   * A node of a name. If the model has one input, it takes what comes before; of several, or with a
   * signature that gives gradients, those that are named as the model names them.
   */
  public Node node(String name) {
    List<String> names = model.inputs().stream().map(ImportedModel.Input::name).toList();
    return new Node(
        name, this, names.size() == 1 && model.gradients().isEmpty() ? List.of() : names);
  }

  @Override
  public String kind() {
    return "imported";
  }

  @Override
  public Arity arity() {
    return new Arity(model.inputs().size(), model.inputs().size());
  }

  @Override
  public boolean takesIds(int input) {
    return input < model.inputs().size() && model.inputs().get(input).isInteger();
  }

  @Override
  public List<Integer> outputShape(List<List<Integer>> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      ImportedModel.Input wanted = model.inputs().get(i);
      if (!inputs.get(i).equals(wanted.shape())) {
        throw new IllegalArgumentException(
            "imported takes %s, but for '%s' was given %s; bring it to that shape before it"
                .formatted(
                    model.inputs().stream()
                        .map(input -> "'%s' of shape %s".formatted(input.name(), input.shape()))
                        .collect(Collectors.joining(", ")),
                    wanted.name(),
                    inputs.get(i)));
      }
    }
    return find(model, output).orElseThrow().shape();
  }

  private static Optional<ImportedModel.Output> find(ImportedModel model, String name) {
    return model.outputs().stream().filter(output -> output.name().equals(name)).findFirst();
  }

  private static String only(ImportedModel model) {
    if (model.outputs().size() != 1) {
      throw new IllegalArgumentException(
          "output must be named, as the model has several: %s; name one"
              .formatted(model.outputs().stream().map(ImportedModel.Output::name).toList()));
    }
    return model.outputs().get(0).name();
  }
}
