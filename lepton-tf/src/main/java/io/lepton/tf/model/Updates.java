package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * Makes a loss lower: gradients first, then a rule for each weight.
 *
 * @param handles of all variables, by name
 */
record Updates(Graph graph, Optimizer optimizer, Map<String, Operation> handles) {

  /**
   * The gradient of a loss in each weight.
   *
   * @param weights as the loss reads them, by name
   */
  Map<String, Operand<TFloat32>> gradients(
      Operand<TFloat64> loss, Map<String, Operand<TFloat32>> weights) {
    Output<?>[] gradients =
        graph.addGradients(
            "optimizer/gradients",
            new Output<?>[] {loss.asOutput()},
            weights.values().stream().map(Operand::asOutput).toArray(Output<?>[]::new),
            null);
    Map<String, Operand<TFloat32>> byWeight = new LinkedHashMap<>();
    for (String weight : weights.keySet()) {
      Output<?> gradient = gradients[byWeight.size()];
      byWeight.put(weight, gradient.op().output(gradient.index()));
    }
    return byWeight;
  }

  /** Emits the changes that a rule makes of gradients. */
  List<Operation> apply(UpdateRule rule, Map<String, Operand<TFloat32>> gradients) {
    List<String> slots = UpdateRule.slots(optimizer);
    List<Operation> updates = new ArrayList<>();
    gradients.forEach(
        (weight, gradient) ->
            updates.add(
                rule.update(
                    handles.get(weight),
                    slots.stream().map(slot -> handles.get(weight + "/" + slot)).toList(),
                    gradient)));
    return updates;
  }
}
