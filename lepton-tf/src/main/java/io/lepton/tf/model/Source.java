package io.lepton.tf.model;

import io.lepton.arrow.ElementType;
import java.util.List;
import java.util.Optional;

/**
 * What layers see of a model's input.
 *
 * @param name of the input
 * @param ids whether its elements are integers, which an {@link IdLayer} may take
 * @param shape of one example, as prepared; empty as long as it is not known
 */
public record Source(String name, boolean ids, Optional<List<Integer>> shape) {
  /** That of a column as it is stored. */
  public static Source stored(String name, ElementType type, Optional<List<Integer>> shape) {
    return new Source(name, TransformRules.isInteger(type), shape);
  }

  /**
   * That of an input.
   *
   * @throws IllegalArgumentException if its transforms do not fit
   */
  public static Source of(ModelInput input) {
    return new Source(input.name(), input.ids(), Optional.of(input.outputShape()));
  }
}
