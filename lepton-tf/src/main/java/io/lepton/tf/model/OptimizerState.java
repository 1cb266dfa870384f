package io.lepton.tf.model;

import io.lepton.tf.Variable.Role;
import java.util.ArrayList;
import java.util.List;

/** What the training of a model keeps beside its weights. */
final class OptimizerState {
  private OptimizerState() {}

  /** The weights that are trained, those that are learned and not frozen. */
  static List<Weight> trained(Learning learning, List<Weight> weights) {
    return weights.stream()
        .filter(weight -> weight.role() == Role.WEIGHT)
        .filter(weight -> !learning.options().freezes(weight.name()))
        .toList();
  }

  static List<Slot> of(Learning learning, List<Weight> weights) {
    List<Weight> trained = trained(learning, weights);
    List<Slot> slots = new ArrayList<>();
    for (Weight weight : trained) {
      slots.addAll(UpdateRule.of(learning.optimizer(), weight).slots());
    }
    if (learning.options().accumulate() > 1) {
      slots.addAll(Accumulation.slots(trained));
    }
    return slots;
  }
}
