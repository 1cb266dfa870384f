package io.lepton.arrow.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads what a codec wrote piece by piece, with the same scratch memory each time. One thread. */
public final class Decoder {
  private final Coding coding;

  Decoder(Coding coding) {
    this.coding = coding;
  }

  /**
   * Reads the next elements.
   *
   * @param coded read from its position on, which moves
   * @param count elements, of whole blocks but at the end of a slice
   * @param values become the elements, from 0 on
   */
  public void read(ByteBuffer coded, int count, float[] values) {
    coding.decode(coded.order(ByteOrder.LITTLE_ENDIAN), count, values);
  }
}
