package io.lepton.spark.ingest;

import org.apache.spark.unsafe.Platform;

/** A block that is being filled. One thread. */
final class BlockBuilder {
  private final BlockLayout layout;
  private final int capacity;
  private final byte[] bytes;
  private final int[] starts;
  private final int[] widths;
  private int rows;

  BlockBuilder(BlockLayout layout, int capacity) {
    this.layout = layout;
    this.capacity = capacity;
    this.bytes = new byte[Math.multiplyExact(capacity, layout.bytesPerRow())];
    int columns = layout.columns().size();
    this.starts = new int[columns];
    this.widths = new int[columns];
    for (int i = 0; i < columns; i++) {
      starts[i] = layout.start(i, capacity);
      widths[i] = layout.columns().get(i).bytesPerExample();
    }
  }

  /** Takes the next position. */
  int take() {
    return rows++;
  }

  boolean full() {
    return rows == capacity;
  }

  int rows() {
    return rows;
  }

  byte[] bytes() {
    return bytes;
  }

  long offset(int column, int position) {
    return Platform.BYTE_ARRAY_OFFSET + starts[column] + (long) widths[column] * position;
  }

  /** The bytes of the rows taken so far, without the room left. */
  byte[] trimmed() {
    if (full()) {
      return bytes;
    }
    byte[] trimmed = new byte[rows * layout.bytesPerRow()];
    for (int i = 0; i < starts.length; i++) {
      System.arraycopy(bytes, starts[i], trimmed, layout.start(i, rows), widths[i] * rows);
    }
    return trimmed;
  }
}
