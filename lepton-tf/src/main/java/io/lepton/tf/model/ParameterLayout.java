package io.lepton.tf.model;

import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import io.lepton.tf.Variable.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of variables in the flat vector: all of the model, the state of the training, then the
 * optimizer's state of each weight.
 */
final class ParameterLayout {
  private final List<Variable> variables = new ArrayList<>();
  private long end;

  private ParameterLayout() {}

  static List<Variable> of(List<Weight> weights, List<Slot> training, List<Slot> optimizer) {
    ParameterLayout layout = new ParameterLayout();
    for (Weight weight : weights) {
      layout.add(weight.name(), weight.shape(), weight.role());
    }
    training.forEach(slot -> layout.add(slot.name(), slot.shape(), Role.TRAINING_STATE));
    optimizer.forEach(slot -> layout.add(slot.name(), slot.shape(), Role.OPTIMIZER_STATE));
    return layout.variables;
  }

  private void add(String name, List<Integer> shape, Role role) {
    Variable variable =
        new Variable(
            name, shape, role, end, NamedOps.read(name) + ":0", NamedOps.feed(name) + ":0");
    variables.add(variable);
    end = TrainingProgram.roundUp(variable.offset() + variable.size());
  }
}
