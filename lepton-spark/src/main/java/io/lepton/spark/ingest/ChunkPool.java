package io.lepton.spark.ingest;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A bounded number of chunk buffers of one task, which wait here to be filled again. Who wants one
 * while all are being written waits: that is what bounds the memory of an ingest. The task takes;
 * any thread gives back.
 */
final class ChunkPool implements AutoCloseable {
  /** Bytes of all buffers of a task together. */
  static final long BUDGET_BYTES = 64L << 20;

  private static final long MAX_CHUNK_BYTES = 8L << 20;
  private static final int BEING_WRITTEN = 2;
  private static final long PATIENCE_MINUTES = 10;

  private final List<ColumnSpec> columns;
  private final BufferAllocator allocator;
  private final int capacity;
  private final int rowsPerChunk;
  private final BlockingQueue<ChunkBuffer> free;
  private int made;

  /**
   * A pool for a task that fills so many chunks side by side.
   *
   * @param allocator of the buffers, which are made when they are first needed
   */
  ChunkPool(List<ColumnSpec> columns, int open, BufferAllocator allocator) {
    this.columns = columns;
    this.allocator = allocator;
    this.capacity = open + BEING_WRITTEN;
    this.rowsPerChunk = rowsPerChunk(columns, open);
    this.free = new ArrayBlockingQueue<>(capacity);
  }

  /** Rows of a chunk: a function of the columns and the number of open chunks, nothing else. */
  static int rowsPerChunk(List<ColumnSpec> columns, int open) {
    long row = columns.stream().mapToLong(ColumnSpec::bytesPerExample).sum();
    long chunk = Math.min(MAX_CHUNK_BYTES, BUDGET_BYTES / (open + BEING_WRITTEN));
    return (int) Math.max(1, chunk / row);
  }

  /** An empty buffer. */
  ChunkBuffer take() {
    ChunkBuffer buffer = free.poll();
    if (buffer == null && made < capacity) {
      made++;
      return new ChunkBuffer(columns, rowsPerChunk, allocator);
    }
    return buffer == null ? await() : buffer;
  }

  /** Empties a buffer and lets it be taken again. */
  void give(ChunkBuffer buffer) {
    buffer.clear();
    free.add(buffer);
  }

  /** Frees all buffers; those that are out must have been given back. */
  @Override
  public void close() {
    free.forEach(ChunkBuffer::close);
    free.clear();
  }

  private ChunkBuffer await() {
    try {
      ChunkBuffer buffer = free.poll(PATIENCE_MINUTES, TimeUnit.MINUTES);
      if (buffer == null) {
        throw new IllegalStateException(
            "a chunk must be written within %d minutes, but was not; the disk of the shards hangs"
                .formatted(PATIENCE_MINUTES));
      }
      return buffer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a chunk to be written", e);
    }
  }
}
