package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.FlatVector;
import io.lepton.tf.Variable.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What must hold of a model before a graph is built from it. */
final class ModelRules {
  private final ModelSpec spec;

  private ModelRules(ModelSpec spec) {
    this.spec = spec;
  }

  /**
   * Checks everything.
   *
   * @return the layers with the shapes between them
   * @throws ModelException for the first rule that is broken
   */
  static Network check(ModelSpec spec) {
    return new ModelRules(spec).check();
  }

  private Network check() {
    checkColumns();
    List<Source> sources = spec.inputs().stream().map(ModelRules::source).toList();
    AugmentationRules.check(spec.inputs());
    spec.targets().forEach(target -> TargetRules.checkLabel(target, spec.hasColumn(target)));
    Wiring wiring =
        Wiring.of(sources, spec.layers(), spec.targets().stream().map(Target::output).toList());
    wiring.problems().stream().findFirst().ifPresent(this::refuse);
    Network network = Network.of(wiring, spec.layers());
    checkWeights(network.weights());
    network.parts().forEach(ModelRules::checkOptions);
    for (Target target : spec.targets()) {
      TargetRules.checkOutput(target, labelShape(target), wiring, spec.layers());
    }
    checkInputsAreUsed(network);
    SignatureRules.check(spec, network);
    return network;
  }

  private static Source source(ModelInput input) {
    try {
      return Source.of(input);
    } catch (IllegalArgumentException e) {
      throw new ModelException("input '%s': %s".formatted(input.name(), e.getMessage()), e);
    }
  }

  private void refuse(LayerProblem problem) {
    String name = spec.layers().get(problem.layer()).name();
    throw new ModelException(
        "layer %d%s: %s; %s"
            .formatted(
                problem.layer(),
                name.isEmpty() ? "" : " '" + name + "'",
                problem.rule(),
                problem.mend()));
  }

  private List<Integer> labelShape(Target target) {
    return spec.inputs().stream()
        .filter(input -> input.column().equals(target.label()))
        .findFirst()
        .map(ModelInput::outputShape)
        .orElse(target.label().shape());
  }

  private void checkColumns() {
    if (spec.inputs().isEmpty() || spec.targets().isEmpty()) {
      throw new ModelException(
          "a model must have an input and a target, but had %d and %d; add what is missing"
              .formatted(spec.inputs().size(), spec.targets().size()));
    }
    requireDifferent(
        "inputs, labels and weight", Columns.of(spec).stream().map(ColumnSpec::name).toList());
    requireDifferent("targets", spec.targets().stream().map(Target::name).toList());
  }

  private static void requireDifferent(String what, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new ModelException(
            "%s must have different names, but were: %s; rename '%s'".formatted(what, names, name));
      }
    }
  }

  private void checkInputsAreUsed(Network network) {
    List<String> used = new ArrayList<>();
    network.parts().forEach(part -> used.addAll(part.inputs()));
    for (ModelInput input : spec.inputs()) {
      if (!used.contains(input.name())) {
        throw new ModelException(
            "each input must be taken by a layer, but '%s' is by none; name it in a layer's inputs, or leave it out"
                .formatted(input.name()));
      }
    }
  }

  private static void checkOptions(Network.Part part) {
    List<String> weights =
        part.weights().stream()
            .filter(weight -> weight.role() == Role.WEIGHT)
            .map(Weight::shortName)
            .toList();
    for (String named : part.options().names()) {
      if (!weights.contains(named)) {
        throw new ModelException(
            "layer %d: options are for weights of the layer, but '%s' is none of %s; remove its options"
                .formatted(part.index(), named, weights));
      }
    }
  }

  private void checkWeights(List<Weight> weights) {
    if (weights.stream().noneMatch(weight -> weight.role() == Role.WEIGHT)) {
      throw new ModelException(
          "a model must have a layer with weights, but had: %s; add a dense layer"
              .formatted(spec.layers().stream().map(node -> node.layer().kind()).toList()));
    }
    checkPatterns(weights);
    for (Weight weight : weights) {
      if (weight.size() > Integer.MAX_VALUE) {
        throw new ModelException(
            "a weight must have fewer than 2^31 elements, but %s %s has %d; use fewer units or filters there, or divide it into several layers"
                .formatted(weight.name(), weight.shape(), weight.size()));
      }
    }
    List<Slot> state = OptimizerState.of(spec.learning(), weights);
    double size =
        weights.stream().mapToDouble(Weight::size).sum()
            + state.stream().mapToDouble(Slot::size).sum();
    double bytes = size * Float.BYTES;
    double most = (double) FlatVector.mostBytes();
    if (bytes > most) {
      throw new ModelException(
          "weights and optimizer state must stay below the %.1f GiB that the JVM may take outside its heap, but were %.1f GiB, most of it for %s; give the driver a larger heap or -XX:MaxDirectMemorySize, or use fewer units or filters there, or an optimizer with less state"
              .formatted(gibibytes(most), gibibytes(bytes), largest(weights)));
    }
  }

  private void checkPatterns(List<Weight> weights) {
    List<String> names = weights.stream().map(Weight::name).toList();
    UpdateOptions updates = spec.updates();
    Stream.concat(updates.frozen().stream(), updates.rates().keySet().stream())
        .filter(pattern -> names.stream().noneMatch(new NamePattern(pattern)::matches))
        .findFirst()
        .ifPresent(
            pattern -> {
              throw new ModelException(
                  "a pattern of weights must match one, but '%s' matched none of %s; correct it, or leave it out"
                      .formatted(pattern, names));
            });
    if (OptimizerState.trained(spec.learning(), weights).isEmpty()) {
      throw new ModelException(
          "a weight must be trained, but %s froze all of %s; freeze fewer"
              .formatted(updates.frozen(), names));
    }
  }

  private static double gibibytes(double bytes) {
    return bytes / (1 << 30);
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
}
