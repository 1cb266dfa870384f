package io.lepton.spark.exchange;

import java.nio.ByteBuffer;
import org.apache.spark.util.io.ChunkedByteBuffer;

/**
 * Memory that the block store only borrows: it would free, at the removal of a block, memory that
 * has another owner.
 */
final class LentBuffer extends ChunkedByteBuffer {
  private final Runnable removed;

  /**
   * Lends what remains in a buffer.
   *
   * @param removed is run when the block store lets go of it
   */
  LentBuffer(ByteBuffer bytes, Runnable removed) {
    super(bytes.slice());
    this.removed = removed;
  }

  @Override
  public void dispose() {
    removed.run();
  }
}
