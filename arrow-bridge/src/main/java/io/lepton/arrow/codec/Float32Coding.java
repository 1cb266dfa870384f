package io.lepton.arrow.codec;

import java.nio.ByteBuffer;

final class Float32Coding implements Coding {
  @Override
  public void encode(float[] values, int count, ByteBuffer coded) {
    coded.asFloatBuffer().put(values, 0, count);
    coded.position(coded.position() + count * Float.BYTES);
  }

  @Override
  public void decode(ByteBuffer coded, int count, float[] values) {
    coded.asFloatBuffer().get(values, 0, count);
    coded.position(coded.position() + count * Float.BYTES);
  }
}
