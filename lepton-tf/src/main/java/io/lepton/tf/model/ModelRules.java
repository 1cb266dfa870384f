package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold of a model before a graph is built from it. */
final class ModelRules {
  private static final long MAX_VECTOR = (Integer.MAX_VALUE - 64) / Float.BYTES;

  private ModelRules() {}

  /**
   * Checks everything.
   *
   * @return the layers with the shapes between them
   * @throws ModelException for the first rule that is broken
   */
  static Chain check(ModelSpec spec) {
    checkColumns(spec);
    checkLabel(spec.loss(), spec.label());
    Chain chain = Chain.of(spec.layers(), spec.inputs().get(0).shape());
    checkWeights(chain, spec.optimizer());
    checkOutput(spec.loss(), chain);
    return chain;
  }

  private static void checkColumns(ModelSpec spec) {
    List<String> inputs = spec.inputs().stream().map(ColumnSpec::name).toList();
    if (inputs.size() != 1) {
      throw new ModelException(
          "a chain of layers takes exactly one input, but was given %d: %s; put their columns into one"
              .formatted(inputs.size(), inputs));
    }
    List<String> names = new ArrayList<>(inputs);
    names.add(spec.label().name());
    if (spec.weighted()) {
      names.add(Columns.WEIGHT);
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new ModelException(
            "input, label and weight must have different names, but were: %s; rename '%s'"
                .formatted(names, name));
      }
    }
  }

  private static void checkLabel(Loss loss, ColumnSpec label) {
    ElementType type = loss instanceof Loss.SquaredError ? ElementType.FLOAT32 : ElementType.INT32;
    if (label.type() != type || !label.shape().isEmpty()) {
      throw new ModelException(
          "%s wants a label of type %s and shape [], but '%s' has %s and %s; %s"
              .formatted(
                  name(loss),
                  type,
                  label.name(),
                  label.type(),
                  label.shape(),
                  type == ElementType.INT32
                      ? "give the class number, or use squared error for a measured value"
                      : "give one number an example, or use softmax or sigmoid for a class"));
    }
  }

  private static void checkWeights(Chain chain, Optimizer optimizer) {
    List<Weight> weights = chain.weights();
    if (weights.isEmpty()) {
      throw new ModelException(
          "a model must have a layer with weights, but had: %s; add a dense layer"
              .formatted(chain.layers().stream().map(Layer::kind).toList()));
    }
    double copies = 1 + UpdateRule.slots(optimizer).size();
    double size = weights.stream().mapToDouble(Weight::size).sum() * copies;
    if (size > MAX_VECTOR - 16 * weights.size() * copies) {
      throw new ModelException(
          "weights and optimizer state must stay below 2 GiB together, but were %.1f GiB, most of it for %s; use fewer units or filters there, or an optimizer with less state"
              .formatted(size * Float.BYTES / (1 << 30), largest(weights)));
    }
  }

  private static String largest(List<Weight> weights) {
    Weight largest = weights.get(0);
    for (Weight weight : weights) {
      if (weight.size() > largest.size()) {
        largest = weight;
      }
    }
    return largest.name() + " " + largest.shape();
  }

  private static void checkOutput(Loss loss, Chain chain) {
    int width = loss instanceof Loss.Softmax softmax ? softmax.classes() : 1;
    if (!chain.outputShape().equals(List.of(width))) {
      throw new ModelException(
          "%s wants outputs of shape [%d], but %s gives %s; end the chain with a dense layer of units = %d"
              .formatted(name(loss), width, chain.lastLayer(), chain.outputShape(), width));
    }
  }

  private static String name(Loss loss) {
    if (loss instanceof Loss.Softmax softmax) {
      return "softmax over %d classes".formatted(softmax.classes());
    }
    return loss instanceof Loss.Sigmoid ? "sigmoid" : "squared error";
  }
}
