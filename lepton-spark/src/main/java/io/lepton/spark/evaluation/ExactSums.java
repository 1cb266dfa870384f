package io.lepton.spark.evaluation;

import java.util.Arrays;

/**
 * Many sums of doubles, each exact however many terms there are and in whatever order they come;
 * rounded once, when asked for. One thread.
 *
 * <p>A sum is kept as parts that do not overlap, from the least on (Shewchuk, "Adaptive Precision
 * Floating-Point Arithmetic", 1997; Python's {@code fsum}). Sums of whole numbers have one part.
 */
final class ExactSums {
  private final int size;
  private int depth;
  private double[] parts;

  /** So many sums, all zero. */
  ExactSums(int size) {
    this(1, new double[size]);
  }

  private ExactSums(int depth, double[] parts) {
    this.size = parts.length / depth;
    this.depth = depth;
    this.parts = parts;
  }

  /** Sums as {@link #state()} gave them. */
  static ExactSums of(double[] state) {
    return new ExactSums((int) state[0], Arrays.copyOfRange(state, 1, state.length));
  }

  /** All of it, as numbers that may travel. */
  double[] state() {
    double[] state = new double[parts.length + 1];
    state[0] = depth;
    System.arraycopy(parts, 0, state, 1, parts.length);
    return state;
  }

  int size() {
    return size;
  }

  void add(int sum, double term) {
    if (!Double.isFinite(term)) {
      throw new IllegalArgumentException("a term must be a finite number, but was: " + term);
    }
    int first = sum * depth;
    int end = first + depth;
    int to = first;
    int from = first;
    double carry = term;
    for (; from < end && parts[from] != 0; from++) {
      double part = parts[from];
      double high = carry + part;
      double low = Math.abs(carry) < Math.abs(part) ? carry - (high - part) : part - (high - carry);
      if (low != 0) {
        parts[to++] = low;
      }
      carry = high;
    }
    if (to == end) {
      int inside = to - first;
      deepen();
      parts[sum * depth + inside] = carry;
    } else {
      parts[to] = carry;
      Arrays.fill(parts, to + 1, Math.max(from, to + 1), 0);
    }
  }

  void add(ExactSums other) {
    if (other.size != size) {
      throw new IllegalArgumentException(
          "sums must be %d, but were: %d".formatted(size, other.size));
    }
    for (int i = 0; i < other.parts.length; i++) {
      if (other.parts[i] != 0) {
        add(i / other.depth, other.parts[i]);
      }
    }
  }

  /** A sum, rounded to the nearest double. */
  double value(int sum) {
    int first = sum * depth;
    int next = first + depth;
    while (next > first && parts[next - 1] == 0) {
      next--;
    }
    if (next == first) {
      return 0;
    }
    double high = parts[--next];
    double low = 0;
    while (next > first && low == 0) {
      double part = parts[--next];
      double together = high + part;
      low = part - (together - high);
      high = together;
    }
    return next > first && Math.signum(low) == Math.signum(parts[next - 1])
        ? roundedAwayFromTie(high, low)
        : high;
  }

  double[] values() {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = value(i);
    }
    return values;
  }

  /** Some of the sums, by themselves. */
  ExactSums part(int first, int count) {
    return new ExactSums(depth, Arrays.copyOfRange(parts, first * depth, (first + count) * depth));
  }

  ExactSums copy() {
    return new ExactSums(depth, parts.clone());
  }

  /** What is below a tie decides it. */
  private static double roundedAwayFromTie(double high, double low) {
    double twice = 2 * low;
    double moved = high + twice;
    return moved - high == twice ? moved : high;
  }

  private void deepen() {
    double[] deeper = new double[size * (depth + 1)];
    for (int i = 0; i < size; i++) {
      System.arraycopy(parts, i * depth, deeper, i * (depth + 1), depth);
    }
    parts = deeper;
    depth++;
  }
}
