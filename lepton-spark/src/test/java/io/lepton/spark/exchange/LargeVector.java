package io.lepton.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import java.nio.FloatBuffer;

/** 2.4 GB of numbers that repeat at no power of two. */
public final class LargeVector {
  public static final long SIZE = 600_000_000;

  private static final int PERIOD = 1_000_003;
  private static final int PIECE = 1 << 20;

  private LargeVector() {}

  public static FlatVector make() {
    FlatVector vector = FlatVector.allocate(SIZE);
    long at = 0;
    for (FlatVector part : vector.parts(PIECE)) {
      FloatBuffer floats = part.floats();
      for (int i = 0; i < part.size(); i++) {
        floats.put(i, number(at + i));
      }
      at += part.size();
    }
    return vector;
  }

  private static float number(long at) {
    return (int) (at % PERIOD);
  }

  /** Asserts that a vector is one of these, each number taken so many times. */
  public static void assertIs(FlatVector vector, float times) {
    assertThat(vector.size()).isEqualTo(SIZE);
    long at = 0;
    for (FlatVector part : vector.parts(PIECE)) {
      FloatBuffer floats = part.floats();
      for (int i = 0; i < part.size(); i++) {
        if (floats.get(i) != times * number(at + i)) {
          assertThat(floats.get(i)).as("element %d", at + i).isEqualTo(times * number(at + i));
        }
      }
      at += part.size();
    }
  }
}
