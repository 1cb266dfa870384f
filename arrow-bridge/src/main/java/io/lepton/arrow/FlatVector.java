package io.lepton.arrow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A vector of float32 in one 64-byte-aligned block outside the heap: the parameters of a model.
 *
 * <p>The garbage collector owns the block, because Spark drops broadcast values without a word; a
 * lease keeps the vector reachable while TensorFlow uses it. A new vector is all zeros. Threads may
 * read together; while a part is lent nobody may write.
 *
 * <p>Whoever reads it beyond a call holds it and lets it go. The first to hold it is whoever made
 * it, and each lease holds it until TensorFlow lets go. A {@link VectorPool} uses its vectors again
 * once nobody holds them; one that is never let go is the garbage collector's, as all others are.
 */
public final class FlatVector {
  private static final AtomicLong ALLOCATED = new AtomicLong();
  private static final FlatVector NOTHING = allocate(0);

  private final ByteBuffer bytes;
  private final FloatBuffer floats;
  private final Consumer<FlatVector> home;
  private final AtomicInteger holders = new AtomicInteger(1);

  private FlatVector(ByteBuffer bytes, Consumer<FlatVector> home) {
    this.bytes = bytes;
    this.floats = bytes.asFloatBuffer();
    this.home = home;
  }

  /**
   * Allocates a vector.
   *
   * @param size elements; at most 2 GiB of them
   * @throws OutOfMemoryError if the JVM's limit of direct memory does not allow it
   */
  public static FlatVector allocate(long size) {
    return allocate(size, vector -> {});
  }

  /** A vector that goes home when nobody holds it any more. */
  static FlatVector allocate(long size, Consumer<FlatVector> home) {
    long bytes = size * Float.BYTES;
    if (size < 0 || bytes > Integer.MAX_VALUE - 2 * AlignedMemory.ALIGNMENT) {
      throw new IllegalArgumentException(
          "a vector must have between 0 and 2^29-33 elements, but was: " + size);
    }
    ALLOCATED.addAndGet(bytes);
    return new FlatVector(
        ByteBuffer.allocateDirect((int) AlignedMemory.roundUp(bytes) + AlignedMemory.ALIGNMENT)
            .alignedSlice(AlignedMemory.ALIGNMENT)
            .slice(0, (int) bytes)
            .order(ByteOrder.nativeOrder()),
        home);
  }

  /** Bytes of all vectors that this process has ever allocated; one used again counts once. */
  public static long bytesAllocated() {
    return ALLOCATED.get();
  }

  /**
   * Another one holds it, if anyone does yet.
   *
   * @return whether it is held; if not it may be written to again already
   */
  public boolean hold() {
    return holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  /**
   * One of those that held it does not read it any more.
   *
   * @throws IllegalStateException if nobody holds it
   */
  public void letGo() {
    int count = holders.getAndUpdate(now -> Math.max(0, now - 1));
    if (count == 0) {
      throw new IllegalStateException("a vector must be let go as often as it is held, not again");
    }
    if (count == 1) {
      home.accept(this);
    }
  }

  /** A vector at home is taken again. */
  FlatVector taken() {
    holders.set(1);
    return this;
  }

  /** Number of elements. */
  public int size() {
    return floats.capacity();
  }

  public float get(int index) {
    return floats.get(index);
  }

  public void set(int index, float value) {
    floats.put(index, value);
  }

  /** The elements, as a view that shares the memory and has its own position. */
  public FloatBuffer floats() {
    return floats.duplicate();
  }

  /** The bytes in native order, as a view that shares the memory and has its own position. */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.nativeOrder());
  }

  /**
   * A part as a vector that shares the memory, which whoever uses the part must hold.
   *
   * @param from first element; a multiple of 16, else what is lent of the part is copied
   */
  public FlatVector part(int from, int size) {
    return new FlatVector(
        bytes.slice(from * Float.BYTES, size * Float.BYTES).order(ByteOrder.nativeOrder()),
        part -> {});
  }

  /** A new vector of the same elements. */
  public FlatVector copy() {
    FlatVector copy = allocate(size());
    copy.floats().put(floats());
    return copy;
  }

  /**
   * Lends a part as a float32 tensor.
   *
   * @param offset index of the first element; a multiple of 16, else TensorFlow copies
   */
  public TensorLease lend(long offset, long[] shape, CopyLedger ledger) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    if (offset < 0 || offset + elements > size()) {
      throw new IllegalArgumentException(
          "a lease must stay inside its vector of %d elements, but was: %d elements at %d"
              .formatted(size(), elements, offset));
    }
    if (!hold()) {
      throw new IllegalStateException("a vector must be held to be lent, but was let go");
    }
    // the loan's reference to letGo is what keeps the vector reachable
    return TensorLease.open(
        address() + offset * Float.BYTES,
        elements * Float.BYTES,
        ElementType.FLOAT32,
        shape,
        this::letGo,
        ledger);
  }

  static TensorLease lendNothing(ElementType type, long[] shape) {
    return TensorLease.open(NOTHING.address(), 0, type, shape, NOTHING::address, new CopyLedger());
  }

  private long address() {
    return MemoryUtil.getByteBufferAddress(bytes);
  }
}
