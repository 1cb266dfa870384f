package io.lepton.arrow;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Native memory of any size, all zeros at first, that starts on a 64-byte boundary. The garbage
 * collector owns it: it is freed when neither the block nor any view of it can be reached.
 *
 * <p>Views are slices of windows that overlap by half: each begins where a multiple of the largest
 * view does and is twice as long, so that any view lies in one of them.
 */
final class NativeBlock {
  /** Bytes of the largest view. */
  static final int LARGEST_VIEW = 1 << 30;

  private static final Cleaner CLEANER = Cleaner.create();

  private final long address;
  private final long size;
  private final int shift;
  private final ByteBuffer[] windows;

  private NativeBlock(long address, long size, int shift) {
    this.address = address;
    this.size = size;
    this.shift = shift;
    this.windows = new ByteBuffer[(int) Math.max(1, ((size - 1) >> shift) + 1)];
    for (int i = 0; i < windows.length; i++) {
      long from = (long) i << shift;
      long length = Math.min(Math.min(size - from, (2L << shift) - 1), Integer.MAX_VALUE);
      windows[i] =
          MemoryUtil.directBuffer(address + from, (int) length).order(ByteOrder.nativeOrder());
    }
  }

  /**
   * Allocates a block.
   *
   * @param largestView bytes, a power of two up to {@link #LARGEST_VIEW}
   * @throws OutOfMemoryError if the limit of {@link VectorMemory} or the machine does not allow it
   */
  static NativeBlock allocate(long size, int largestView) {
    VectorMemory memory = VectorMemory.ofProcess();
    long bytes = Math.addExact(size, AlignedMemory.ALIGNMENT);
    memory.reserve(bytes);
    long start;
    try {
      start = MemoryUtil.allocateMemory(bytes);
    } catch (OutOfMemoryError e) {
      memory.free(bytes);
      throw e;
    }
    MemoryUtil.setMemory(start, bytes, (byte) 0);
    NativeBlock block =
        new NativeBlock(
            AlignedMemory.roundUp(start), size, Integer.numberOfTrailingZeros(largestView));
    AtomicInteger reachable = new AtomicInteger(block.windows.length);
    Runnable gone =
        () -> {
          if (reachable.decrementAndGet() == 0) {
            MemoryUtil.freeMemory(start);
            memory.free(bytes);
          }
        };
    for (ByteBuffer window : block.windows) {
      CLEANER.register(window, gone);
    }
    return block;
  }

  /** Where it starts. */
  long address() {
    return address;
  }

  float getFloat(long at) {
    return windows[(int) (at >> shift)].getFloat(inWindow(at));
  }

  void putFloat(long at, float value) {
    windows[(int) (at >> shift)].putFloat(inWindow(at), value);
  }

  /** Bytes from a place on, in native order; they keep the block reachable. */
  ByteBuffer view(long from, long length) {
    int largest = 1 << shift;
    if (length > largest) {
      throw new IllegalArgumentException(
          "a view must have at most %d bytes, but was to have: %d; take it in parts"
              .formatted(largest, length));
    }
    if (from < 0 || length < 0 || length > size - from) {
      throw new IndexOutOfBoundsException(
          "a view must lie inside its block of %d bytes, but was: %d bytes at %d"
              .formatted(size, length, from));
    }
    int window = (int) Math.min(from >> shift, windows.length - 1);
    int start = (int) (from - ((long) window << shift));
    return windows[window].slice(start, (int) length).order(ByteOrder.nativeOrder());
  }

  private int inWindow(long at) {
    return (int) (at & ((1L << shift) - 1));
  }
}
