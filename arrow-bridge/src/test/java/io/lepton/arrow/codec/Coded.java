package io.lepton.arrow.codec;

import io.lepton.arrow.FlatVector;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Vectors there and back. */
final class Coded {
  private Coded() {}

  static FlatVector vector(float... values) {
    FlatVector vector = FlatVector.allocate(values.length);
    vector.floats().put(values);
    return vector;
  }

  static float[] elements(FlatVector vector) {
    float[] values = new float[(int) vector.size()];
    vector.floats().get(values);
    return values;
  }

  static ByteBuffer bytes(DeltaCodec codec, FlatVector source, int from, int count) {
    ByteBuffer coded = ByteBuffer.allocateDirect(codec.encodedBytes(count));
    codec.encode(source, from, count, coded);
    return coded;
  }

  static float[] roundTrip(DeltaCodec codec, float... values) {
    FlatVector decoded = FlatVector.allocate(values.length);
    codec.decode(bytes(codec, vector(values), 0, values.length), decoded, 0, values.length);
    return elements(decoded);
  }

  /** Signed values whose magnitudes are spread evenly over the decades from 10^-30 to 10^30. */
  static float[] allMagnitudes(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = sign(random) * (float) Math.pow(10, random.nextDouble(-30, 30));
    }
    return values;
  }

  /** Signed values of one magnitude for as many as share a scale, some of them zero. */
  static float[] magnitudesByBlock(int count, int block, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    double magnitude = 0;
    for (int i = 0; i < count; i++) {
      if (i % block == 0) {
        magnitude = Math.pow(10, random.nextDouble(-45, 38));
      }
      values[i] = random.nextInt(8) == 0 ? 0 : (float) (random.nextDouble(-1, 1) * magnitude);
    }
    return values;
  }

  private static int sign(SplittableRandom random) {
    return random.nextBoolean() ? 1 : -1;
  }
}
