package io.lepton.arrow.codec;

/** A byte an element. */
final class Int8Coding extends BlockCoding {
  static final int BLOCK = 256;

  Int8Coding() {
    super(BLOCK, 127, 1);
  }

  @Override
  void quantize(float[] values, int from, int count, float inverse, byte[] bytes, int first) {
    for (int i = 0; i < count; i++) {
      bytes[first + i] = (byte) rounded(values[from + i] * inverse);
    }
  }

  @Override
  void dequantize(byte[] bytes, int first, int count, float scale, float[] values, int from) {
    for (int i = 0; i < count; i++) {
      values[from + i] = bytes[first + i] * scale;
    }
  }
}
