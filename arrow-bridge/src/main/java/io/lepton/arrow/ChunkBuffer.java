package io.lepton.arrow;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Rows on their way into a shard: aligned memory for a chunk of them, a buffer a column, filled by
 * address. Owned by whoever made it, for use again and again; one thread at a time.
 */
public final class ChunkBuffer implements AutoCloseable {
  private final List<ColumnSpec> columns;
  private final int capacity;
  private final List<ArrowBuf> data = new ArrayList<>();
  private int rows;

  /** An empty one for so many rows. */
  public ChunkBuffer(List<ColumnSpec> columns, int capacity, BufferAllocator allocator) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("capacity must be positive, but was: " + capacity);
    }
    this.columns = List.copyOf(columns);
    this.capacity = capacity;
    try {
      for (ColumnSpec column : columns) {
        data.add(
            allocator.buffer(AlignedMemory.roundUp((long) capacity * column.bytesPerExample())));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where the first row of a column lies; the others follow side by side. */
  public long address(int column) {
    return data.get(column).memoryAddress();
  }

  /** Takes so many rows more and returns the first of them; what lay there is undefined. */
  public int take(int count) {
    if (count < 0 || count > room()) {
      throw new IllegalArgumentException(
          "rows must fit into a chunk with room for %d, but were: %d".formatted(room(), count));
    }
    int first = rows;
    rows += count;
    return first;
  }

  /** Rows that may still be taken. */
  public int room() {
    return capacity - rows;
  }

  /** Rows taken. */
  public int rows() {
    return rows;
  }

  /** Gives all rows back. */
  public void clear() {
    rows = 0;
  }

  /** The memory of a column, for as long as this is open: all its rows, taken or not. */
  public ArrowBuf data(int column) {
    return data.get(column);
  }

  /** Rows there is memory for. */
  public int capacity() {
    return capacity;
  }

  List<ColumnSpec> columns() {
    return columns;
  }

  /** The rows of a column and zeros up to the next boundary. */
  ArrowBuf padded(int column) {
    long used = (long) rows * columns.get(column).bytesPerExample();
    ArrowBuf buffer = data.get(column);
    buffer.setZero(used, AlignedMemory.roundUp(used) - used);
    buffer.writerIndex(AlignedMemory.roundUp(used));
    return buffer;
  }

  @Override
  public void close() {
    data.forEach(ArrowBuf::close);
    data.clear();
  }
}
