package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;

/** What the training of a model keeps beside its weights. */
final class OptimizerState {
  private OptimizerState() {}

  /** The weights that are trained, those that are not frozen. */
  static List<Weight> trained(ModelSpec spec, List<Weight> weights) {
    return weights.stream().filter(weight -> !spec.updates().freezes(weight.name())).toList();
  }

  static List<Slot> of(ModelSpec spec, List<Weight> weights) {
    List<Weight> trained = trained(spec, weights);
    List<Slot> slots = new ArrayList<>();
    for (Weight weight : trained) {
      slots.addAll(UpdateRule.of(spec.optimizer(), weight).slots());
    }
    if (spec.updates().accumulate() > 1) {
      slots.addAll(Accumulation.slots(trained));
    }
    return slots;
  }
}
