package io.lepton.spark.config;

import io.lepton.spark.ModelStart;
import io.lepton.spark.Objective;
import io.lepton.spark.data.InputSpec;
import io.lepton.tf.model.EarlierWeights;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Source;
import io.lepton.tf.model.WeightValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model of a job.
 *
 * @param key of the setting that it comes from
 * @param layers from the inputs to the loss, each after what it takes
 * @param logits the same layers without a softmax or sigmoid at outputs
 * @param inputs what a model that was made elsewhere takes; empty for layers that take whatever
 *     there is
 * @param weights values that weights start from, by name
 * @param frozen patterns of weights that the model itself says do not train
 * @param earlier a model whose weights this one starts from
 * @param notes what was decided while it was read, a sentence each
 */
public record ModelSection(
    String key,
    List<Node> layers,
    List<Node> logits,
    List<Source> inputs,
    Map<String, WeightValue> weights,
    List<String> frozen,
    Optional<EarlierWeights> earlier,
    List<String> notes) {
  public ModelSection {
    layers = List.copyOf(layers);
    logits = List.copyOf(logits);
    inputs = List.copyOf(inputs);
    weights = Map.copyOf(weights);
    frozen = List.copyOf(frozen);
    notes = List.copyOf(notes);
  }

  /** Layers that take whatever there is, their weights from the seed. */
  static ModelSection of(String key, List<Node> layers) {
    return new ModelSection(
        key, layers, layers, List.of(), Map.of(), List.of(), Optional.empty(), List.of());
  }

  /** The same model, its weights from an earlier one where there is one. */
  ModelSection startingFrom(Optional<EarlierWeights> other) {
    return new ModelSection(key, layers, logits, inputs, weights, frozen, other, notes);
  }

  /** The same model of other layers. */
  ModelSection with(List<Node> made) {
    return new ModelSection(key, made, made, inputs, weights, frozen, earlier, notes);
  }

  /** The model as its losses want it: those of classes see logits. */
  ModelSection seenBy(List<Objective> objectives) {
    List<Node> seen = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      seen.add(isSeenByClasses(i, objectives) ? logits.get(i) : layers.get(i));
    }
    return new ModelSection(key, seen, logits, inputs, weights, frozen, earlier, notes);
  }

  private boolean isSeenByClasses(int index, List<Objective> objectives) {
    return objectives.stream()
        .filter(objective -> objective.loss().classes() > 0)
        .map(Objective::output)
        .anyMatch(
            output ->
                output.isEmpty()
                    ? index == layers.size() - 1
                    : output.equals(layers.get(index).nameAt(index)));
  }

  /** Whether it takes inputs by name, not whatever the only one is. */
  boolean namesInputs() {
    return !layers.isEmpty() && !layers.get(0).inputs().isEmpty();
  }

  /** The input of the model that one of the data is; empty if it takes whatever there is. */
  Optional<Source> input(String name) {
    return inputs.stream().filter(it -> !namesInputs() || it.name().equals(name)).findFirst();
  }

  /** What the model brings besides its layers. */
  ModelStart start(List<InputSpec> data) {
    List<String> scalars =
        data.stream()
            .map(InputSpec::name)
            .filter(name -> input(name).flatMap(Source::shape).filter(List::isEmpty).isPresent())
            .toList();
    return new ModelStart(scalars, weights, earlier);
  }
}
