package io.lepton.arrow.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Blocks of a float32 scale and whole multiples of it, from {@code -levels} to {@code levels}. */
abstract class BlockCoding implements Coding {
  private static final VarHandle SCALE =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  /** A float32 that is added to this is rounded to a whole number, in the lowest of its bits. */
  private static final float ROUNDING = 0x1.8p23f;

  /** A scale that is rounded up from this makes no infinity of its largest multiple. */
  private static final float LARGEST = Math.nextDown(Float.MAX_VALUE);

  private final int block;
  private final int levels;
  private final int perByte;
  private byte[] bytes = {};

  BlockCoding(int block, int levels, int perByte) {
    this.block = block;
    this.levels = levels;
    this.perByte = perByte;
  }

  abstract void quantize(
      float[] values, int from, int count, float inverse, byte[] bytes, int first);

  abstract void dequantize(
      byte[] bytes, int first, int count, float scale, float[] values, int from);

  /** The multiple, in the low bits. */
  static int rounded(float quotient) {
    return Float.floatToRawIntBits(quotient + ROUNDING);
  }

  @Override
  public final void encode(float[] values, int count, ByteBuffer coded) {
    byte[] bytes = scratch(count);
    int at = 0;
    for (int from = 0; from < count; from += block) {
      int length = Math.min(block, count - from);
      float scale = scale(values, from, length);
      SCALE.set(bytes, at, scale);
      at += Float.BYTES;
      if (Float.isNaN(scale)) {
        Arrays.fill(bytes, at, at + packedBytes(length), (byte) 0);
      } else {
        quantize(values, from, length, 1 / scale, bytes, at);
      }
      at += packedBytes(length);
    }
    coded.put(bytes, 0, at);
  }

  @Override
  public final void decode(ByteBuffer coded, int count, float[] values) {
    byte[] bytes = scratch(count);
    coded.get(bytes, 0, codedBytes(count));
    int at = 0;
    for (int from = 0; from < count; from += block) {
      int length = Math.min(block, count - from);
      float scale = (float) SCALE.get(bytes, at);
      dequantize(bytes, at + Float.BYTES, length, scale, values, from);
      at += Float.BYTES + packedBytes(length);
    }
  }

  private float scale(float[] values, int from, int count) {
    float largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    if (!Float.isFinite(largest)) {
      return Float.NaN;
    }
    return Math.max(Math.min(largest, LARGEST) / levels, Float.MIN_NORMAL);
  }

  private int codedBytes(int count) {
    return (count + block - 1) / block * Float.BYTES + packedBytes(count);
  }

  private int packedBytes(int count) {
    return (count + perByte - 1) / perByte;
  }

  private byte[] scratch(int count) {
    if (bytes.length < codedBytes(count)) {
      bytes = new byte[codedBytes(count)];
    }
    return bytes;
  }
}
