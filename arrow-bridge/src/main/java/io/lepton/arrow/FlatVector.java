package io.lepton.arrow;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A vector of float32 in one 64-byte-aligned block outside the heap: the parameters of a model. It
 * may be larger than any buffer of Java; whoever works on many elements takes views of parts.
 *
 * <p>The garbage collector owns the block, because Spark drops broadcast values without a word; a
 * lease keeps the vector reachable while TensorFlow uses it, and a view does by itself. A new
 * vector is all zeros. Threads may read together; while a part is lent nobody may write.
 *
 * <p>Whoever reads it beyond a call holds it and lets it go. The first to hold it is whoever made
 * it, and each lease holds it until TensorFlow lets go. A {@link VectorPool} uses its vectors again
 * once nobody holds them; one that is never let go is the garbage collector's, as all others are.
 */
public final class FlatVector {
  private static final int LARGEST_VIEW = NativeBlock.LARGEST_VIEW / Float.BYTES;
  private static final int COPIED_AT_ONCE = 1 << 20;

  static {
    ResidentMemory.lift();
  }

  private static volatile int largestView = LARGEST_VIEW;

  private static final AtomicLong ALLOCATED = new AtomicLong();
  private static final FlatVector NOTHING = allocate(0);

  private final NativeBlock block;
  private final long start;
  private final long size;
  private final Consumer<FlatVector> home;
  private final AtomicInteger holders = new AtomicInteger(1);

  private FlatVector(NativeBlock block, long start, long size, Consumer<FlatVector> home) {
    this.block = block;
    this.start = start;
    this.size = size;
    this.home = home;
  }

  /**
   * Allocates a vector.
   *
   * @param size elements
   * @throws OutOfMemoryError if the JVM's limit of direct memory does not allow it
   */
  public static FlatVector allocate(long size) {
    return allocate(size, vector -> {});
  }

  /** A vector that goes home when nobody holds it any more. */
  static FlatVector allocate(long size, Consumer<FlatVector> home) {
    return allocate(size, largestView, home);
  }

  /** Elements of the largest view of a vector. */
  public static int largestView() {
    return largestView;
  }

  /**
   * Makes views of vectors to come smaller than they need be, so that tests have vectors of many
   * views in little memory.
   *
   * @param elements a power of two; 0 for as many as there can be
   */
  static void limitViews(int elements) {
    largestView = elements == 0 ? LARGEST_VIEW : elements;
  }

  /** A vector whose views are at most of a number of elements, a power of two. */
  static FlatVector allocate(long size, int largestView, Consumer<FlatVector> home) {
    if (size < 0 || size > Long.MAX_VALUE / (2 * Float.BYTES)) {
      throw new IllegalArgumentException(
          "a vector must have between 0 and 2^60 elements, but was: " + size);
    }
    NativeBlock block =
        NativeBlock.allocate(
            size * Float.BYTES, largestView * Float.BYTES, VectorMemory.ofProcess());
    ALLOCATED.addAndGet(size * Float.BYTES);
    return new FlatVector(block, 0, size, home);
  }

  /** Bytes of all vectors that this process has ever allocated; one used again counts once. */
  public static long bytesAllocated() {
    return ALLOCATED.get();
  }

  /** Bytes of the vectors of this process that the garbage collector has not freed. */
  public static long bytesInUse() {
    return VectorMemory.ofProcess().used();
  }

  /** Bytes that the vectors of this process may have together. */
  public static long mostBytes() {
    return VectorMemory.ofProcess().limit();
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

  /** Makes all elements NaN. */
  void poison() {
    MemoryUtil.setMemory(address(), size * Float.BYTES, (byte) -1);
  }

  /** Number of elements. */
  public long size() {
    return size;
  }

  public float get(long index) {
    return block.getFloat(at(index));
  }

  public void set(long index, float value) {
    block.putFloat(at(index), value);
  }

  /** All elements, as {@link #floats(long, int)}. */
  public FloatBuffer floats() {
    return bytes().asFloatBuffer();
  }

  /**
   * Elements as a view that shares the memory and has its own position.
   *
   * @param from first element
   * @param count elements, at most {@link #largestView}
   */
  public FloatBuffer floats(long from, int count) {
    return bytes(from, count).asFloatBuffer();
  }

  /** The bytes of all elements, as {@link #bytes(long, int)}. */
  public ByteBuffer bytes() {
    return view(0, size);
  }

  /**
   * The bytes of elements in native order, as a view that shares the memory and has its own
   * position.
   *
   * @param from first element
   * @param count elements, at most {@link #largestView}
   */
  public ByteBuffer bytes(long from, int count) {
    return view(from, count);
  }

  /**
   * A part as a vector that shares the memory, which whoever uses the part must hold.
   *
   * @param from first element; a multiple of 16, else what is lent of the part is copied
   */
  public FlatVector part(long from, long count) {
    requireInside(from, count);
    return new FlatVector(block, start + from, count, part -> {});
  }

  /**
   * All of it in parts, one after the other.
   *
   * @param most elements of each but a smaller last one, at most {@link #largestView}
   */
  public List<FlatVector> parts(int most) {
    int viewed = Math.min(most, block.largestView() / Float.BYTES);
    List<FlatVector> parts = new ArrayList<>();
    for (long from = 0; from < size; from += viewed) {
      parts.add(part(from, Math.min(viewed, size - from)));
    }
    return parts;
  }

  /** A new vector of the same elements. */
  public FlatVector copy() {
    FlatVector copy = allocate(size);
    copy.put(this);
    return copy;
  }

  /** Makes the elements those of a vector of the same size. */
  public void put(FlatVector source) {
    if (source.size != size) {
      throw new IllegalArgumentException(
          "a vector of %d elements must be put into one of as many, but was: %d"
              .formatted(source.size, size));
    }
    long from = 0;
    for (FlatVector part : source.parts(COPIED_AT_ONCE)) {
      put(from, part.floats());
      from += part.size;
    }
  }

  /**
   * Writes elements from one on.
   *
   * @param values from the buffer's position, which does not move, to its limit
   */
  public void put(long from, FloatBuffer values) {
    FloatBuffer rest = values.duplicate();
    for (long at = from; rest.hasRemaining(); ) {
      int count = Math.min(block.largestView() / Float.BYTES, rest.remaining());
      floats(at, count).put(rest.slice().limit(count));
      rest.position(rest.position() + count);
      at += count;
    }
  }

  /**
   * Lends a part as a float32 tensor.
   *
   * @param offset index of the first element; a multiple of 16, else TensorFlow copies
   */
  public TensorLease lend(long offset, long[] shape, CopyLedger ledger) {
    long elements = 1;
    for (long dimension : shape) {
      elements = Math.multiplyExact(elements, dimension);
    }
    if (offset < 0 || elements > size - offset) {
      throw new IllegalArgumentException(
          "a lease must stay inside its vector of %d elements, but was: %d elements at %d"
              .formatted(size, elements, offset));
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
    return block.address() + start * Float.BYTES;
  }

  private long at(long index) {
    return (start + Objects.checkIndex(index, size)) * Float.BYTES;
  }

  private ByteBuffer view(long from, long count) {
    requireInside(from, count);
    return block.view((start + from) * Float.BYTES, count * Float.BYTES);
  }

  private void requireInside(long from, long count) {
    if (from < 0 || count < 0 || count > size - from) {
      throw new IndexOutOfBoundsException(
          "a part must lie inside its vector of %d elements, but was: %d elements at %d"
              .formatted(size, count, from));
    }
  }
}
