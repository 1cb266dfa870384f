package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weights of an earlier model that a new one starts from, by name.
 *
 * @param values what was saved, by the variable's name
 * @param names patterns of the weights to take; a star stands for any characters
 * @param partial whether those that are not in both models, or of another shape, start anew
 */
public record EarlierWeights(Map<String, WeightValue> values, List<String> names, boolean partial) {
  public EarlierWeights {
    values = Map.copyOf(values);
    names = List.copyOf(names);
  }

  /**
   * The values that weights of a model start from.
   *
   * @throws ModelException if a pattern names nothing that is in both; or, unless partial, if a
   *     name that it matches is in one only or has two shapes, telling all of them
   */
  public Map<String, WeightValue> of(ModelSpec spec) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    ModelRules.check(spec).weights().forEach(weight -> shapes.put(weight.name(), weight.shape()));
    List<String> problems = new ArrayList<>();
    Map<String, WeightValue> taken = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          WeightValue value = values.get(name);
          if (!NamePattern.anyMatches(names, name)) {
            return;
          }
          if (value == null) {
            problems.add("'%s' was not saved".formatted(name));
          } else if (!value.shape().equals(shape)) {
            problems.add(
                "'%s' has the shape %s, but %s was saved".formatted(name, shape, value.shape()));
          } else {
            taken.put(name, value);
          }
        });
    values.keySet().stream()
        .sorted()
        .filter(name -> NamePattern.anyMatches(names, name) && !shapes.containsKey(name))
        .forEach(name -> problems.add("'%s' is no weight of the model".formatted(name)));
    requireMatches(shapes, taken);
    if (!problems.isEmpty() && !partial) {
      throw new ModelException(
          "weights to start from must be in both models, but %s; name those that are, or allow to take a part"
              .formatted(String.join(", ", problems)));
    }
    return taken;
  }

  private void requireMatches(Map<String, List<Integer>> shapes, Map<String, WeightValue> taken) {
    for (String pattern : names) {
      if (taken.keySet().stream().noneMatch(new NamePattern(pattern)::matches)) {
        throw new ModelException(
            "a pattern of weights to start from must match one of the same shape in both models, but '%s' does not; the model has %s, saved were %s"
                .formatted(pattern, described(shapes), described(saved())));
      }
    }
  }

  private Map<String, List<Integer>> saved() {
    Map<String, List<Integer>> shapes = new TreeMap<>();
    values.forEach((name, value) -> shapes.put(name, value.shape()));
    return shapes;
  }

  private static List<String> described(Map<String, List<Integer>> shapes) {
    return shapes.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toList();
  }
}
