package io.lepton.tf.model;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts given values of weights in the place of seeded ones. */
final class WarmStart {
  private WarmStart() {}

  /**
   * Writes values where their variables are; leaves all others.
   *
   * @param vector that training starts from
   * @throws ModelException if a name is no variable of the model's, or a shape not its own; tells
   *     all of them
   */
  static void put(Map<String, WeightValue> values, List<Variable> variables, FlatVector vector) {
    Map<String, Variable> byName = new LinkedHashMap<>();
    variables.stream()
        .filter(Variable::ofModel)
        .forEach(variable -> byName.put(variable.name(), variable));
    List<String> problems = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          Variable variable = byName.get(name);
          if (variable == null) {
            problems.add(
                "'%s' is no weight of the model; %s"
                    .formatted(name, Nearest.tell(name, byName.keySet())));
          } else if (!variable.shape().equals(value.shape())) {
            problems.add(
                "'%s' has the shape %s in the model, but %s where it comes from; change its layer, or start it anew"
                    .formatted(name, variable.shape(), value.shape()));
          } else {
            vector.put(variable.offset(), value.values());
          }
        });
    if (!problems.isEmpty()) {
      throw new ModelException(
          "initial values must be of the model's weights, but: " + String.join("; ", problems));
    }
  }
}
