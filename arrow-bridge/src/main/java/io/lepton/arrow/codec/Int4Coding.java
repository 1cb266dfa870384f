package io.lepton.arrow.codec;

/** Two elements a byte, the even one in the lower half. */
final class Int4Coding extends BlockCoding {
  static final int BLOCK = 64;

  Int4Coding() {
    super(BLOCK, 7, 2);
  }

  @Override
  void quantize(float[] values, int from, int count, float inverse, byte[] bytes, int first) {
    for (int i = 0; i < count / 2; i++) {
      int even = rounded(values[from + 2 * i] * inverse);
      int odd = rounded(values[from + 2 * i + 1] * inverse);
      bytes[first + i] = (byte) ((even & 15) | (odd << 4));
    }
    if (count % 2 == 1) {
      bytes[first + count / 2] = (byte) (rounded(values[from + count - 1] * inverse) & 15);
    }
  }

  @Override
  void dequantize(byte[] bytes, int first, int count, float scale, float[] values, int from) {
    for (int i = 0; i < count / 2; i++) {
      int pair = bytes[first + i];
      values[from + 2 * i] = ((pair << 28) >> 28) * scale;
      values[from + 2 * i + 1] = (pair >> 4) * scale;
    }
    if (count % 2 == 1) {
      values[from + count - 1] = ((bytes[first + count / 2] << 28) >> 28) * scale;
    }
  }
}
