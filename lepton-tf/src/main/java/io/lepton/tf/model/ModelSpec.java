package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a program is compiled from.
 *
 * @param inputs what the model sees
 * @param targets what it learns
 * @param weighted whether chunks carry a float32 example weight after the labels
 * @param layers a graph, each node after what it takes
 * @param optimizer of the local steps
 * @param updates what happens around its rule
 */
public record ModelSpec(
    List<ModelInput> inputs,
    List<Target> targets,
    boolean weighted,
    List<Node> layers,
    Optimizer optimizer,
    UpdateOptions updates)
    implements Serializable {
  public ModelSpec {
    inputs = List.copyOf(inputs);
    targets = List.copyOf(targets);
    layers = List.copyOf(layers);
  }

  /** A model whose weights change by the optimizer's rule and nothing else. */
  public ModelSpec(
      List<ModelInput> inputs,
      List<Target> targets,
      boolean weighted,
      List<Node> layers,
      Optimizer optimizer) {
    this(inputs, targets, weighted, layers, optimizer, UpdateOptions.PLAIN);
  }

  /** A chain of layers from one column as it is stored to one label. */
  public static ModelSpec chain(
      ColumnSpec input,
      ColumnSpec label,
      boolean weighted,
      List<Layer> layers,
      Loss loss,
      Optimizer optimizer) {
    return new ModelSpec(
        List.of(ModelInput.raw(input)),
        List.of(Target.of(label, loss)),
        weighted,
        Node.chain(layers.toArray(Layer[]::new)),
        optimizer);
  }

  /** The same model with other targets. */
  public ModelSpec withTargets(List<Target> others) {
    return new ModelSpec(inputs, others, weighted, layers, optimizer, updates);
  }

  /** Names of the metrics measured beside the loss. */
  public List<String> metrics() {
    return Loss.metrics(losses());
  }

  /** The losses by the names of their targets, in order. */
  Map<String, Loss> losses() {
    Map<String, Loss> losses = new LinkedHashMap<>();
    targets.forEach(target -> losses.put(target.name(), target.loss()));
    return losses;
  }

  Learning learning() {
    return new Learning(optimizer, updates);
  }

  /** Whether a target's label is a column of its own, not one of the inputs'. */
  boolean hasColumn(Target target) {
    return inputs.stream().noneMatch(input -> input.column().equals(target.label()));
  }
}
