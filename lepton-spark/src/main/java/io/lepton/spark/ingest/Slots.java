package io.lepton.spark.ingest;

/** Where the rows of a part of the source go: block and position of each. One thread. */
final class Slots {
  private final BlockBuilder[] blocks;
  private final int[] positions;

  Slots(int capacity) {
    blocks = new BlockBuilder[capacity];
    positions = new int[capacity];
  }

  void set(int row, BlockBuilder block) {
    blocks[row] = block;
    positions[row] = block.take();
  }

  byte[] bytes(int row) {
    return blocks[row].bytes();
  }

  /** Offset of a column's cell for {@code Platform}, in {@link #bytes}. */
  long offset(int row, int column) {
    return blocks[row].offset(column, positions[row]);
  }

  int capacity() {
    return positions.length;
  }
}
