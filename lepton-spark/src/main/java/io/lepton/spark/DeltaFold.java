package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import java.nio.FloatBuffer;
import java.util.TreeMap;

/**
 * The mean of deltas weighted by what each replica trained on. Deltas may arrive in any order; they
 * are added in the order of replicas, so that the bits of the sum do not depend on who was first.
 * Sums are doubles; one that came early is held back. One thread at a time.
 */
final class DeltaFold {
  private final double[] sum;
  private final TreeMap<Integer, Part> early = new TreeMap<>();
  private int next;
  private double weight;

  private record Part(FlatVector delta, double weight) {}

  DeltaFold(int size) {
    sum = new double[size];
  }

  /**
   * Takes a replica's part, once for each replica from 0 on.
   *
   * @param delta null if it took no step
   */
  void accept(int replica, FlatVector delta, double weight) {
    early.put(replica, new Part(delta, weight));
    for (Part part = early.remove(next); part != null; part = early.remove(next)) {
      add(part);
      next++;
    }
  }

  /** {@code start + mean of deltas}, a new vector. */
  FlatVector applyTo(FlatVector start) {
    if (!early.isEmpty()) {
      throw new IllegalStateException("no part came from replica " + next);
    }
    FlatVector result = start.copy();
    if (weight > 0) {
      for (int i = 0; i < sum.length; i++) {
        result.set(i, (float) (start.get(i) + sum[i] / weight));
      }
    }
    return result;
  }

  private void add(Part part) {
    if (part.delta() == null || part.weight() == 0) {
      return;
    }
    FloatBuffer delta = part.delta().floats();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += part.weight() * delta.get(i);
    }
    weight += part.weight();
  }
}
