package io.lepton.tf.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * The inputs of a model for one batch, as layers see them.
 *
 * @param values by name
 * @param mixing of the losses, if examples were mixed
 */
record BatchInputs(Map<String, Operand<? extends TType>> values, Optional<Mixing> mixing) {

  /**
   * Prepares what is stored.
   *
   * @param stored examples of a column, by name
   */
  static BatchInputs prepare(
      Ops tf, List<ModelInput> inputs, Function<String, Operand<? extends TType>> stored) {
    Map<String, Operand<? extends TType>> values = new LinkedHashMap<>();
    for (ModelInput input : inputs) {
      values.put(input.name(), InputGraph.emit(tf, input, stored.apply(input.name())));
    }
    return new BatchInputs(values, Optional.empty());
  }

  /**
   * Augments what was prepared, each input by its own list; at most one of them mixes.
   *
   * @param key scalar, of the epoch
   * @param ids numbers of the examples, {@code [n]}
   */
  BatchInputs augment(Ops tf, List<ModelInput> inputs, Operand<TInt64> key, Operand<TInt64> ids) {
    if (inputs.stream().allMatch(input -> input.augmentations().isEmpty())) {
      return this;
    }
    CounterNoise noise = CounterNoise.of(tf, key, ids);
    Map<String, Operand<? extends TType>> augmented = new LinkedHashMap<>();
    Optional<Mixing> mixed = Optional.empty();
    for (ModelInput input : inputs) {
      Augmented result =
          AugmentationGraph.emit(
              tf, noise, input.prepared(), input.augmentations(), values.get(input.name()));
      augmented.put(input.name(), result.value());
      mixed = mixed.or(result::mixing);
    }
    return new BatchInputs(augmented, mixed);
  }
}
