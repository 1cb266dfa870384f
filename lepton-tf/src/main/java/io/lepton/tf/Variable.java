package io.lepton.tf;

import java.io.Serializable;
import java.util.List;

/**
 * A float32 variable of a program and its place in the flat parameter vector.
 *
 * @param name unique within the program
 * @param shape row-major
 * @param role what it is for
 * @param offset index of its first element in the vector; a multiple of 16, so that each variable
 *     starts on a 64-byte boundary and can be lent without a copy
 * @param read the tensor that reads it, {@code op:index}
 * @param feed the placeholder that the program's assign op takes its value from
 */
public record Variable(
    String name, List<Integer> shape, Role role, long offset, String read, String feed)
    implements Serializable {
  /** What a variable is for. */
  public enum Role {
    /** Learned by gradients; part of the model. */
    WEIGHT,
    /** Set by training steps without a gradient, such as a moving mean; part of the model. */
    STATE,
    /** How training computes, such as the scale of the loss; not part of the model. */
    TRAINING_STATE,
    /** Kept by the optimizer beside a weight; not part of the model. Last in the vector. */
    OPTIMIZER_STATE
  }

  public Variable {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long size() {
    long size = 1;
    for (int dimension : shape) {
      size *= dimension;
    }
    return size;
  }

  /** The shape as a tensor's dimensions. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Integer::longValue).toArray();
  }

  /** Whether a gradient is taken by it. */
  public boolean trainable() {
    return role == Role.WEIGHT;
  }

  /** Whether the model's outputs depend on it. */
  public boolean ofModel() {
    return role == Role.WEIGHT || role == Role.STATE;
  }
}
