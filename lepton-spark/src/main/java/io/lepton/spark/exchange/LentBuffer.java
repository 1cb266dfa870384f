package io.lepton.spark.exchange;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.util.io.ChunkedByteBuffer;

/**
 * Memory that the block store only borrows: it would free, at the removal of a block, memory that
 * has another owner.
 */
final class LentBuffer extends ChunkedByteBuffer {
  private final AtomicReference<Runnable> removed;

  /**
   * Lends what remains in a buffer.
   *
   * @param removed is run once, when the block store lets go of it and nobody is sent it any more
   */
  LentBuffer(ByteBuffer bytes, Runnable removed) {
    super(bytes.slice());
    this.removed = new AtomicReference<>(removed);
  }

  @Override
  public void dispose() {
    removed.getAndSet(() -> {}).run();
  }
}
