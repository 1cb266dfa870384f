package io.lepton.spark.averaging;

import io.lepton.tf.Variable;
import java.util.ArrayList;
import java.util.List;

/** Where the weights that gradients move are in the vector of parameters, in order. */
public final class WeightRanges {
  private final int[] bounds;

  private WeightRanges(int[] bounds) {
    this.bounds = bounds;
  }

  /** Receives a part of a range. */
  @FunctionalInterface
  public interface Part {
    /** Elements {@code first} to {@code end} (exclusive) of the vector. */
    void take(int first, int end);
  }

  /** Those of a program. */
  public static WeightRanges of(List<Variable> variables) {
    List<Integer> bounds = new ArrayList<>();
    for (Variable variable : variables) {
      if (variable.trainable()) {
        int first = Math.toIntExact(variable.offset());
        bounds.add(first);
        bounds.add(Math.toIntExact(first + variable.size()));
      }
    }
    return new WeightRanges(bounds.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The parts of all ranges that lie between two elements of the vector. */
  public void within(int from, int to, Part part) {
    for (int i = 0; i < bounds.length; i += 2) {
      int first = Math.max(from, bounds[i]);
      int end = Math.min(to, bounds[i + 1]);
      if (first < end) {
        part.take(first, end);
      }
    }
  }
}
