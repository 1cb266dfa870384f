package io.lepton.spark;

import io.lepton.spark.ingest.Permutation;
import io.lepton.tf.BatchRows;

/**
 * Chunks that are loaded together, one into each slot, and the order of all their rows: one random
 * permutation, cut into batches. Every row comes exactly once; the last batch may be short.
 */
final class ChunkWindow {
  private final int[] chunks;
  private final int[] starts;
  private final int[] ends;
  private final int batchSize;
  private final Permutation order;
  private final int[] rows;

  /**
   * A window.
   *
   * @param chunks numbers of the chunks, by slot
   * @param rows of each, at least one together
   * @param key of the order
   */
  ChunkWindow(int[] chunks, int[] rows, int batchSize, long key) {
    this.chunks = chunks.clone();
    this.starts = new int[rows.length];
    this.ends = new int[rows.length];
    this.batchSize = batchSize;
    int end = 0;
    for (int slot = 0; slot < rows.length; slot++) {
      starts[slot] = end;
      end = Math.addExact(end, rows[slot]);
      ends[slot] = end;
    }
    this.order = new Permutation(end, key);
    this.rows = new int[Math.min(batchSize, end)];
  }

  /** Number of chunks. */
  int slots() {
    return chunks.length;
  }

  /** The number of the chunk of a slot. */
  int chunk(int slot) {
    return chunks[slot];
  }

  /** Puts the rows of a batch, counted from 0, in place of what is there. One thread. */
  void fill(int batch, BatchRows into) {
    int from = batch * batchSize;
    int size = Math.min(batchSize, ends[ends.length - 1] - from);
    order.apply(from, size, rows);
    if (ends.length == 1) {
      into.fill(0, rows, size);
      return;
    }
    into.clear();
    for (int position = 0; position < size; position++) {
      int row = rows[position];
      int slot = slot(row);
      into.add(slot, row - starts[slot]);
    }
  }

  /** As many as end before the row. */
  private int slot(int row) {
    int slot = 0;
    for (int end : ends) {
      slot += row >= end ? 1 : 0;
    }
    return slot;
  }
}
