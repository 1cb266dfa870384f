package io.lepton.tf.model;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * What a weight starts from instead of a seeded value.
 *
 * @param values row-major, from the buffer's position to its limit
 */
public record WeightValue(List<Integer> shape, FloatBuffer values) {
  public WeightValue {
    shape = List.copyOf(shape);
    values = values.asReadOnlyBuffer();
    if (Shapes.elements(shape) != values.remaining()) {
      throw new IllegalArgumentException(
          "a weight of shape %s must have %d values, but had: %d"
              .formatted(shape, Shapes.elements(shape), values.remaining()));
    }
  }

  /** A view with its own position. */
  @Override
  public FloatBuffer values() {
    return values.duplicate();
  }
}
