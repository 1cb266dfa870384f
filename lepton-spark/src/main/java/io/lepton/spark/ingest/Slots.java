package io.lepton.spark.ingest;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import java.util.List;

/**
 * Where the rows of a part of a scan go: the chunk and the position of each, or nowhere. One
 * thread.
 */
final class Slots {
  private static final int NONE = -1;

  private final int[] widths;
  private final long[] trash;
  private final ChunkBuffer[] chunks;
  private final int[] positions;
  private final long[] addresses;
  private int addressed = NONE;

  /**
   * Slots for parts of so many rows.
   *
   * @param nowhere a chunk to write rows to that are left out
   */
  Slots(List<ColumnSpec> columns, int capacity, ChunkBuffer nowhere) {
    this.widths = columns.stream().mapToInt(ColumnSpec::bytesPerExample).toArray();
    this.trash = new long[widths.length];
    for (int i = 0; i < trash.length; i++) {
      trash[i] = nowhere.address(i);
    }
    this.chunks = new ChunkBuffer[capacity];
    this.positions = new int[capacity];
    this.addresses = new long[capacity];
  }

  int capacity() {
    return positions.length;
  }

  /** Begins a part: no row has a place. */
  void clear() {
    addressed = NONE;
  }

  void set(int row, ChunkBuffer chunk) {
    chunks[row] = chunk;
    positions[row] = chunk.take(1);
  }

  void leaveOut(int row) {
    chunks[row] = null;
  }

  /** Addresses of the examples of a column; valid until the next call for another one. */
  long[] addresses(int column, int rows) {
    if (column == addressed) {
      return addresses;
    }
    addressed = column;
    long width = widths[column];
    ChunkBuffer last = null;
    long start = 0;
    for (int row = 0; row < rows; row++) {
      ChunkBuffer chunk = chunks[row];
      if (chunk == null) {
        addresses[row] = trash[column];
        continue;
      }
      if (chunk != last) {
        last = chunk;
        start = chunk.address(column);
      }
      addresses[row] = start + width * positions[row];
    }
    return addresses;
  }
}
