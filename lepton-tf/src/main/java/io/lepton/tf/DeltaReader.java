package io.lepton.tf;

import io.lepton.arrow.FlatVector;
import java.nio.FloatBuffer;

/**
 * Subtracts and measures in one pass over memory. Sums are doubles, added in an order that depends
 * on nothing but sizes. One thread.
 */
final class DeltaReader {
  private final FlatVector start;
  private final FlatVector delta;
  private boolean finite = true;
  private double squared;

  /** Writes into one of two vectors how variables differ from the other. */
  DeltaReader(FlatVector start, FlatVector delta) {
    this.start = start;
    this.delta = delta;
  }

  /**
   * Takes a part of a variable; padding after it becomes zero.
   *
   * @param from element of the variable that is the first of the part
   */
  void take(Variable variable, long from, FloatBuffer values) {
    long offset = variable.offset() + from;
    int size = values.limit();
    double sum = subtract(values, start.floats(offset, size), delta.floats(offset, size), size);
    finite &= Double.isFinite(sum);
    squared += variable.trainable() ? sum : 0;
    long end = Math.min(delta.size(), TrainingProgram.roundUp(offset + size));
    for (long i = offset + size; i < end; i++) {
      delta.set(i, 0);
    }
  }

  /** Of all that were taken. */
  DeltaNorm norm() {
    return new DeltaNorm(finite, squared);
  }

  /** Four sums of squares, as one would wait for itself; no float32 overflows them. */
  private static double subtract(FloatBuffer values, FloatBuffer from, FloatBuffer to, int size) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int whole = size & ~3;
    for (int i = 0; i < whole; i += 4) {
      float moved0 = values.get(i) - from.get(i);
      float moved1 = values.get(i + 1) - from.get(i + 1);
      float moved2 = values.get(i + 2) - from.get(i + 2);
      float moved3 = values.get(i + 3) - from.get(i + 3);
      to.put(i, moved0).put(i + 1, moved1).put(i + 2, moved2).put(i + 3, moved3);
      sum0 += (double) moved0 * moved0;
      sum1 += (double) moved1 * moved1;
      sum2 += (double) moved2 * moved2;
      sum3 += (double) moved3 * moved3;
    }
    for (int i = whole; i < size; i++) {
      float moved = values.get(i) - from.get(i);
      to.put(i, moved);
      sum0 += (double) moved * moved;
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
