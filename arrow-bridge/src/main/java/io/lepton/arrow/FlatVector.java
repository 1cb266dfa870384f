package io.lepton.arrow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A vector of float32 in one 64-byte-aligned block outside the heap: the parameters of a model.
 *
 * <p>The garbage collector owns the block, because Spark drops broadcast values without a word; a
 * lease keeps the vector reachable while TensorFlow uses it. A new vector is all zeros. Threads may
 * read together; while a part is lent nobody may write.
 */
public final class FlatVector {
  private static final FlatVector NOTHING = allocate(0);

  private final ByteBuffer bytes;
  private final FloatBuffer floats;

  private FlatVector(ByteBuffer bytes) {
    this.bytes = bytes;
    this.floats = bytes.asFloatBuffer();
  }

  /**
   * Allocates a vector.
   *
   * @param size elements; at most 2 GiB of them
   * @throws OutOfMemoryError if the JVM's limit of direct memory does not allow it
   */
  public static FlatVector allocate(long size) {
    long bytes = size * Float.BYTES;
    if (size < 0 || bytes > Integer.MAX_VALUE - 2 * AlignedMemory.ALIGNMENT) {
      throw new IllegalArgumentException(
          "a vector must have between 0 and 2^29-33 elements, but was: " + size);
    }
    return new FlatVector(
        ByteBuffer.allocateDirect((int) AlignedMemory.roundUp(bytes) + AlignedMemory.ALIGNMENT)
            .alignedSlice(AlignedMemory.ALIGNMENT)
            .slice(0, (int) bytes)
            .order(ByteOrder.nativeOrder()));
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
   * A part as a vector that shares the memory.
   *
   * @param from first element; a multiple of 16, else what is lent of the part is copied
   */
  public FlatVector part(int from, int size) {
    return new FlatVector(
        bytes.slice(from * Float.BYTES, size * Float.BYTES).order(ByteOrder.nativeOrder()));
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
    return TensorLease.open(
        address() + offset * Float.BYTES,
        elements * Float.BYTES,
        ElementType.FLOAT32,
        shape,
        this::returned,
        ledger);
  }

  static TensorLease lendNothing(ElementType type, long[] shape) {
    return TensorLease.open(NOTHING.address(), 0, type, shape, NOTHING::returned, new CopyLedger());
  }

  private long address() {
    return MemoryUtil.getByteBufferAddress(bytes);
  }

  /** The loan's reference to this method is what keeps the vector reachable. */
  private void returned() {}
}
