package io.lepton.arrow.codec;

/**
 * IEEE 754 binary16. A float32 is rounded by adding to its magnitude the power of two in whose sum
 * the last bit is worth what that of the half is; below 2^-14 that is the same for all.
 */
final class Float16Coding extends HalfCoding {
  private static final int SIGN = 0x80000000;
  private static final int INFINITY = 0x7f800000;
  private static final int LARGEST = 0x477fe000;
  private static final int SMALLEST_NORMAL = 0x38800000;
  private static final int FRACTION_BITS = 13;
  private static final int EXPONENT = 1 << 23;
  private static final int REBIAS = (127 - 15) * EXPONENT;
  private static final int HALF_INFINITY = 0x7c00;
  private static final int HALF_NAN = 0x7e00;

  @Override
  void narrow(float[] values, int count, short[] halves) {
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      halves[i] = (short) (magnitude(bits & ~SIGN) | ((bits >>> 16) & 0x8000));
    }
  }

  @Override
  void widen(short[] halves, int count, float[] values) {
    for (int i = 0; i < count; i++) {
      int magnitude = (halves[i] & 0x7fff) << FRACTION_BITS;
      values[i] = Float.intBitsToFloat(widened(magnitude) | (halves[i] & SIGN));
    }
  }

  private static int magnitude(int bits) {
    if (bits >= INFINITY) {
      return bits == INFINITY ? HALF_INFINITY : HALF_NAN;
    }
    int bounded = Math.min(bits, LARGEST);
    int exponent = Math.max(bounded & INFINITY, SMALLEST_NORMAL);
    int power = exponent + FRACTION_BITS * EXPONENT;
    float sum = Float.intBitsToFloat(bounded) + Float.intBitsToFloat(power);
    return ((exponent - SMALLEST_NORMAL) >>> FRACTION_BITS) + Float.floatToRawIntBits(sum) - power;
  }

  private static int widened(int magnitude) {
    if (magnitude < EXPONENT) {
      float above = Float.intBitsToFloat(magnitude + SMALLEST_NORMAL);
      return Float.floatToRawIntBits(above - Float.intBitsToFloat(SMALLEST_NORMAL));
    }
    return magnitude + (magnitude < (HALF_INFINITY << FRACTION_BITS) ? REBIAS : 2 * REBIAS);
  }
}
