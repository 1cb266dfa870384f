package io.lepton.arrow.codec;

/** The upper half of a float32. */
final class Bfloat16Coding extends HalfCoding {
  private static final int SIGN = 0x80000000;
  private static final int INFINITY = 0x7f800000;
  private static final int LARGEST = 0x7f7f0000;
  private static final int QUIET = 0x00400000;

  @Override
  void narrow(float[] values, int count, short[] halves) {
    for (int i = 0; i < count; i++) {
      halves[i] = (short) (round(Float.floatToRawIntBits(values[i])) >>> 16);
    }
  }

  @Override
  void widen(short[] halves, int count, float[] values) {
    for (int i = 0; i < count; i++) {
      values[i] = Float.intBitsToFloat(halves[i] << 16);
    }
  }

  private static int round(int bits) {
    int magnitude = bits & ~SIGN;
    if (magnitude >= LARGEST) {
      return (bits & SIGN) | limit(magnitude);
    }
    return bits + 0x7fff + ((bits >>> 16) & 1);
  }

  private static int limit(int magnitude) {
    if (magnitude < INFINITY) {
      return LARGEST;
    }
    return magnitude == INFINITY ? INFINITY : magnitude | QUIET;
  }
}
