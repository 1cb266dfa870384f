package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import java.util.Random;

/** Vectors for tests of sums. */
final class Vectors {
  private Vectors() {}

  /** Random elements over nine orders of magnitude, whose sum depends on its order. */
  static FlatVector scattered(int size, long seed) {
    Random random = new Random(seed);
    FlatVector vector = FlatVector.allocate(size);
    for (int i = 0; i < size; i++) {
      vector.set(i, (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9))));
    }
    return vector;
  }
}
