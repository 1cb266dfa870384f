package io.lepton.spark;

import io.lepton.spark.ingest.Permutation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The order in which a replica sees its rows in one epoch, a function of (seed, epoch, replica) and
 * the sizes of its chunks: chunks in random order, cut into windows of as many as are loaded at a
 * time, rows in random order within each window, cut into batches that do not cross windows. Every
 * row comes exactly once; the last batch of a window may be short.
 */
final class EpochOrder {
  private final List<Integer> chunkRows;
  private final int slots;
  private final int batchSize;
  private final long key;
  private final int[] chunkOrder;

  /**
   * The order of an epoch.
   *
   * @param slots chunks that are loaded at a time
   */
  EpochOrder(List<Integer> chunkRows, int slots, int batchSize, long seed, int epoch, int replica) {
    this.chunkRows = chunkRows;
    this.slots = slots;
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

  /** Steps of the epoch: with several slots and chunks that differ in size, not of every epoch. */
  long steps() {
    long steps = 0;
    for (int first = 0; first < chunkOrder.length; first += slots) {
      steps += batches(first);
    }
    return steps;
  }

  /** Receives consecutive steps of one window. */
  interface Visitor {
    /**
     * Steps {@code firstBatch} to {@code endBatch} (exclusive) of a window.
     *
     * @param firstStep of the epoch
     */
    void visit(ChunkWindow window, int firstBatch, int endBatch, long firstStep);
  }

  /** Visits the steps from {@code from} to {@code to} (exclusive) of the epoch, by window. */
  void visit(long from, long to, Visitor visitor) {
    long start = 0;
    for (int first = 0; first < chunkOrder.length; first += slots) {
      int batches = batches(first);
      int begin = (int) Math.max(0, Math.min(batches, from - start));
      int end = (int) Math.max(0, Math.min(batches, to - start));
      if (begin < end) {
        visitor.visit(window(first), begin, end, start + begin);
      }
      start += batches;
    }
  }

  /** The window that follows one of this epoch, if it is not the last. */
  Optional<ChunkWindow> after(ChunkWindow window) {
    int first = 0;
    while (chunkOrder[first] != window.chunk(0)) {
      first += slots;
    }
    return end(first) < chunkOrder.length ? Optional.of(window(end(first))) : Optional.empty();
  }

  private ChunkWindow window(int first) {
    int[] chunks = Arrays.copyOfRange(chunkOrder, first, end(first));
    int[] rows = Arrays.stream(chunks).map(chunkRows::get).toArray();
    return new ChunkWindow(chunks, rows, batchSize, Permutation.mix(key, chunks[0] + 1L));
  }

  private int batches(int first) {
    long rows = 0;
    for (int i = first; i < end(first); i++) {
      rows += chunkRows.get(chunkOrder[i]);
    }
    return Math.toIntExact((rows + batchSize - 1) / batchSize);
  }

  private int end(int first) {
    return Math.min(chunkOrder.length, first + slots);
  }
}
