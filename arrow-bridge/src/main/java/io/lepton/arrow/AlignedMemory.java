package io.lepton.arrow;

import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Arrow memory outside the heap in which every buffer starts on a 64-byte boundary.
 *
 * <p>TensorFlow uses foreign memory in place only when it is so aligned, and copies it silently
 * when it is not; Arrow's own allocators align to 32 bytes or by luck.
 */
public final class AlignedMemory {
  /** Bytes that every buffer's address is a multiple of. */
  public static final int ALIGNMENT = 64;

  private static final ArrowBuf EMPTY = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

  private static final AllocationManager.Factory FACTORY =
      new AllocationManager.Factory() {
        @Override
        public AllocationManager create(BufferAllocator accounting, long size) {
          return new AlignedAllocation(accounting, size);
        }

        @Override
        public ArrowBuf empty() {
          return EMPTY;
        }
      };

  private AlignedMemory() {}

  /**
   * A new root. The caller owns it, gives parts of it names by {@link
   * BufferAllocator#newChildAllocator(String, long, long)} and closes it last; closing throws
   * {@link IllegalStateException} naming what is still out.
   *
   * @param limit bytes that may be allocated at once under this root, mapped files included
   */
  public static RootAllocator root(long limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("limit must be positive, but was: " + limit);
    }
    return new RootAllocator(
        RootAllocator.configBuilder()
            .allocationManagerFactory(FACTORY)
            .maxAllocation(limit)
            .build());
  }

  /** A buffer of no bytes. */
  static ArrowBuf empty() {
    return EMPTY;
  }

  /** The next multiple of the alignment. */
  public static long roundUp(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  private static final class AlignedAllocation extends AllocationManager {
    private final long block;
    private final long address;
    private final long size;

    AlignedAllocation(BufferAllocator accounting, long size) {
      super(accounting);
      this.size = size;
      this.block = MemoryUtil.allocateMemory(size + ALIGNMENT);
      this.address = roundUp(block);
    }

    @Override
    public long getSize() {
      return size;
    }

    @Override
    protected long memoryAddress() {
      return address;
    }

    @Override
    protected void release0() {
      MemoryUtil.freeMemory(block);
    }
  }
}
