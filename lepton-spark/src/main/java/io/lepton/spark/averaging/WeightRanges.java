package io.lepton.spark.averaging;

import io.lepton.tf.Variable;
import java.util.ArrayList;
import java.util.List;

/** Where the weights that gradients move are in the vector of parameters, in order. */
public final class WeightRanges {
  private final long[] bounds;

  private WeightRanges(long[] bounds) {
    this.bounds = bounds;
  }

  /** Receives a part of a range. */
  @FunctionalInterface
  public interface Part {
    /** Elements {@code first} to {@code end} (exclusive) of the vector. */
    void take(long first, long end);
  }

  /** Those of a program. */
  public static WeightRanges of(List<Variable> variables) {
    List<Long> bounds = new ArrayList<>();
    for (Variable variable : variables) {
      if (variable.trainable()) {
        bounds.add(variable.offset());
        bounds.add(variable.offset() + variable.size());
      }
    }
    return new WeightRanges(bounds.stream().mapToLong(Long::longValue).toArray());
  }

  /** The parts of all ranges that lie between two elements of the vector. */
  public void within(long from, long to, Part part) {
    for (int i = 0; i < bounds.length; i += 2) {
      long first = Math.max(from, bounds[i]);
      long end = Math.min(to, bounds[i + 1]);
      if (first < end) {
        part.take(first, end);
      }
    }
  }
}
