package io.lepton.spark;

import io.lepton.spark.ingest.Permutation;
import java.util.List;

/**
 * The order in which a replica sees its rows in one epoch, a function of (seed, epoch, replica) and
 * the sizes of its chunks: chunks in random order, rows in random order within each, cut into
 * batches that do not cross chunks. Every row comes exactly once; the last batch of a chunk may be
 * short.
 */
final class EpochOrder {
  private final List<Integer> chunkRows;
  private final int batchSize;
  private final long key;
  private final int[] chunkOrder;

  EpochOrder(List<Integer> chunkRows, int batchSize, long seed, int epoch, int replica) {
    this.chunkRows = chunkRows;
    this.batchSize = batchSize;
    this.key = Permutation.mix(seed, epoch, replica);
    this.chunkOrder = new int[chunkRows.size()];
    if (!chunkRows.isEmpty()) {
      Permutation permutation = new Permutation(chunkOrder.length, key);
      for (int i = 0; i < chunkOrder.length; i++) {
        chunkOrder[i] = permutation.apply(i);
      }
    }
  }

  /** Steps of an epoch over chunks of these sizes. */
  static long steps(List<Integer> chunkRows, int batchSize) {
    long steps = 0;
    for (int rows : chunkRows) {
      steps += batches(rows, batchSize);
    }
    return steps;
  }

  /** Receives consecutive steps of one chunk. */
  interface Visitor {
    /**
     * Steps {@code firstBatch} to {@code endBatch} (exclusive) of a chunk.
     *
     * @param firstStep of the epoch
     */
    void visit(int chunk, int firstBatch, int endBatch, long firstStep);
  }

  /** Visits the steps from {@code from} to {@code to} (exclusive) of the epoch, chunk by chunk. */
  void visit(long from, long to, Visitor visitor) {
    long start = 0;
    for (int chunk : chunkOrder) {
      int batches = batches(chunkRows.get(chunk), batchSize);
      int first = (int) Math.max(0, Math.min(batches, from - start));
      int end = (int) Math.max(0, Math.min(batches, to - start));
      if (first < end) {
        visitor.visit(chunk, first, end, start + first);
      }
      start += batches;
    }
  }

  /** Rows of a batch of a chunk. */
  int batchRows(int chunk, int batch) {
    return Math.min(batchSize, chunkRows.get(chunk) - batch * batchSize);
  }

  /** The order of a chunk's rows. */
  Permutation rows(int chunk) {
    return new Permutation(chunkRows.get(chunk), Permutation.mix(key, chunk + 1L));
  }

  private static int batches(int rows, int batchSize) {
    return (int) (((long) rows + batchSize - 1) / batchSize);
  }
}
