package io.lepton.benchmarks;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.GraphProbe;
import io.lepton.tf.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Bytes a second from a mapped shard in the page cache into an operation that reads them all. */
final class ShardReading {
  private static final ColumnSpec COLUMN =
      new ColumnSpec("features", ElementType.FLOAT32, List.of(784));
  private static final int ROWS_PER_CHUNK = 4096;
  private static final int CHUNKS = 40;
  private static final int OFF_THE_BOUNDARY = 16;
  private static final int VALUES = 7;

  private ShardReading() {}

  static void measure(Path directory, BufferAllocator allocator, ResultTable table)
      throws IOException {
    Path path = write(directory.resolve("floats"), allocator);
    int cores = Runtime.getRuntime().availableProcessors();
    CopyLedger inPlace = new CopyLedger();
    CopyLedger copied = new CopyLedger();
    try (MappedShard shard = MappedShard.open(path, allocator);
        GraphProbe one = GraphProbe.sum(SessionOptions.SINGLE_THREAD);
        GraphProbe all = GraphProbe.sum(new SessionOptions(cores))) {
      table.rows(
          new Alternation()
              .side(
                  "mapped shard to Sum, lent in place, 1 thread",
                  () -> rate(shard, one, 0, chunk -> chunk.lend(0, inPlace)))
              .side(
                  "mapped shard to Sum, lent in place, %d threads".formatted(cores),
                  () -> rate(shard, all, 0, chunk -> chunk.lend(0, inPlace)))
              .side(
                  "mapped shard to Sum, copied (lent 16 bytes off), 1 thread",
                  () ->
                      rate(
                          shard,
                          one,
                          OFF_THE_BOUNDARY / Float.BYTES,
                          chunk -> lendOff(chunk, copied)))
              .measure(2, 15),
          "GB/s");
    }
    if (inPlace.total() != 0 || copied.total() == 0) {
      throw new IllegalStateException(
          "only the lease off the boundary must be copied, but copied were: %d and %d bytes"
              .formatted(inPlace.total(), copied.total()));
    }
  }

  private static double rate(
      MappedShard shard,
      GraphProbe probe,
      int offset,
      Function<MappedShard.Chunk, TensorLease> lender) {
    double seconds =
        Stopwatch.seconds(
            () -> {
              for (MappedShard.Chunk chunk : shard.chunks()) {
                try (TensorLease lease = lender.apply(chunk)) {
                  probe.feed(0, lease);
                  requireSum(offset, elements(chunk, offset), probe.run());
                }
              }
            });
    return shard.rows() * COLUMN.bytesPerExample() / seconds / 1e9;
  }

  /** Whole numbers below 2^24 add up exactly in float32, so any element misread shows. */
  private static void requireSum(long firstElement, long elements, float sum) {
    long expected = sumBelow(firstElement + elements) - sumBelow(firstElement);
    if (sum != expected) {
      throw new IllegalStateException("the sum must be %d, but was: %s".formatted(expected, sum));
    }
  }

  private static long elements(MappedShard.Chunk chunk, int offset) {
    return (chunk.rows() - (offset == 0 ? 0L : 1L)) * COLUMN.width();
  }

  private static long sumBelow(long element) {
    long rest = element % VALUES;
    return element / VALUES * (VALUES * (VALUES - 1L) / 2) + rest * (rest - 1) / 2;
  }

  /** A row less, because the buffer ends with the last. */
  private static TensorLease lendOff(MappedShard.Chunk chunk, CopyLedger ledger) {
    return TensorLease.lend(
        chunk.column(0),
        OFF_THE_BOUNDARY,
        COLUMN.type(),
        COLUMN.tensorShape(chunk.rows() - 1),
        ledger);
  }

  private static Path write(Path path, BufferAllocator allocator) throws IOException {
    int chunkFloats = ROWS_PER_CHUNK * COLUMN.width();
    try (ChunkBuffer chunk = new ChunkBuffer(List.of(COLUMN), ROWS_PER_CHUNK, allocator);
        ShardWriter writer = new ShardWriter(path, List.of(COLUMN))) {
      chunk.take(ROWS_PER_CHUNK);
      for (int i = 0; i < chunkFloats; i++) {
        MemoryUtil.putInt(chunk.address(0) + 4L * i, Float.floatToRawIntBits(i % VALUES));
      }
      for (int i = 0; i < CHUNKS; i++) {
        writer.write(chunk);
      }
      writer.finish();
    }
    return path;
  }
}
