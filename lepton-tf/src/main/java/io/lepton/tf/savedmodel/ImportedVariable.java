package io.lepton.tf.savedmodel;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A variable out of a SavedModel.
 *
 * @param name the model's own, such as {@code dense_1/kernel}
 * @param values row-major; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record ImportedVariable(String name, List<Integer> shape, float[] values)
    implements Serializable {
  public ImportedVariable {
    shape = List.copyOf(shape);
  }

  /** A view of the values. */
  public FloatBuffer view() {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }
}
