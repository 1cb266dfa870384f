package io.lepton.arrow.codec;

import java.nio.ByteBuffer;

/**
 * Codes pieces of an array, each of whole blocks but the last. Buffers are little-endian and their
 * position moves. An object holds scratch memory: one thread at a time.
 */
interface Coding {
  void encode(float[] values, int count, ByteBuffer coded);

  void decode(ByteBuffer coded, int count, float[] values);
}
