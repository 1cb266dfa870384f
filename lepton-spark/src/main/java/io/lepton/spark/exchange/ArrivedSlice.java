package io.lepton.spark.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * The bytes of a slice, to be read once from front to end and then closed, which frees them. One
 * thread.
 */
public final class ArrivedSlice implements AutoCloseable {
  private final ByteBuf bytes;
  private final Runnable release;

  ArrivedSlice(ByteBuf bytes, Runnable release) {
    this.bytes = bytes;
    this.release = release;
  }

  /** What remains in a buffer, as if it had arrived. */
  public static ArrivedSlice of(ByteBuffer bytes) {
    return new ArrivedSlice(Unpooled.wrappedBuffer(bytes), () -> {});
  }

  /** The same, with something to do once it is closed. */
  ArrivedSlice then(Runnable closed) {
    return new ArrivedSlice(
        bytes,
        () -> {
          release.run();
          closed.run();
        });
  }

  /** Bytes not read yet. */
  public int remaining() {
    return bytes.readableBytes();
  }

  /**
   * Fills what remains in a buffer with the next bytes.
   *
   * @throws IndexOutOfBoundsException if there are fewer
   */
  public void read(ByteBuffer into) {
    bytes.readBytes(into);
  }

  @Override
  public void close() {
    release.run();
  }
}
