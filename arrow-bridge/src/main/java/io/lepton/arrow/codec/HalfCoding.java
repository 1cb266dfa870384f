package io.lepton.arrow.codec;

import java.nio.ByteBuffer;

/** Two bytes an element. */
abstract class HalfCoding implements Coding {
  private short[] halves = {};

  abstract void narrow(float[] values, int count, short[] halves);

  abstract void widen(short[] halves, int count, float[] values);

  @Override
  public final void encode(float[] values, int count, ByteBuffer coded) {
    narrow(values, count, scratch(count));
    coded.asShortBuffer().put(halves, 0, count);
    coded.position(coded.position() + count * Short.BYTES);
  }

  @Override
  public final void decode(ByteBuffer coded, int count, float[] values) {
    coded.asShortBuffer().get(scratch(count), 0, count);
    coded.position(coded.position() + count * Short.BYTES);
    widen(halves, count, values);
  }

  private short[] scratch(int count) {
    if (halves.length < count) {
      halves = new short[count];
    }
    return halves;
  }
}
