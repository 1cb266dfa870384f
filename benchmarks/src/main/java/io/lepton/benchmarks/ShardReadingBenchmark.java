package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Megabytes a second from a mapped shard in the page cache into an operation that reads them all,
 * on one thread. Every sum is compared with the exact one: whole numbers below 2^24 add up exactly
 * in float32.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ShardReadingBenchmark {
  private static final ColumnSpec COLUMN =
      new ColumnSpec("features", ElementType.FLOAT32, List.of(784));
  private static final int ROWS_PER_CHUNK = 4096;
  private static final int CHUNKS = 40;
  private static final int MEGABYTES = 513;
  private static final int OFF_THE_BOUNDARY = 16;
  private static final int VALUES = 7;

  private final CopyLedger ledger = new CopyLedger();
  private BufferAllocator allocator;
  private Path path;
  private MappedShard shard;
  private GraphProbe sum;

  /** Writes and maps the shard. */
  @Setup
  public void open() throws IOException {
    allocator = AlignedMemory.root(Long.MAX_VALUE);
    path = Files.createTempDirectory("lepton-benchmarks").resolve("floats");
    try (ChunkBuffer chunk = new ChunkBuffer(List.of(COLUMN), ROWS_PER_CHUNK, allocator);
        ShardWriter writer = new ShardWriter(path, List.of(COLUMN))) {
      chunk.take(ROWS_PER_CHUNK);
      for (int i = 0; i < ROWS_PER_CHUNK * COLUMN.width(); i++) {
        MemoryUtil.putInt(chunk.address(0) + 4L * i, Float.floatToRawIntBits(i % VALUES));
      }
      for (int i = 0; i < CHUNKS; i++) {
        writer.write(chunk);
      }
      writer.finish();
    }
    shard = MappedShard.open(path, allocator);
    sum = GraphProbe.sum(SessionOptions.SINGLE_THREAD);
  }

  /** Lent where it lies. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void lentInPlace() {
    for (MappedShard.Chunk chunk : shard.chunks()) {
      try (TensorLease lease = chunk.lend(0, ledger)) {
        sum.feed(0, lease);
        requireSum(0, chunk.rows(), sum.run());
      }
    }
    if (ledger.total() != 0) {
      throw new IllegalStateException("no byte may be copied, but were: " + ledger.total());
    }
  }

  /** Lent 16 bytes off the boundary, so that TensorFlow copies; a row less, as the buffer ends. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void copied() {
    for (MappedShard.Chunk chunk : shard.chunks()) {
      int rows = chunk.rows() - 1;
      long[] shape = COLUMN.tensorShape(rows);
      try (TensorLease lease =
          TensorLease.lend(
              chunk.column(0), OFF_THE_BOUNDARY, COLUMN.type(), shape, new CopyLedger())) {
        sum.feed(0, lease);
        requireSum(OFF_THE_BOUNDARY / Float.BYTES, rows, sum.run());
      }
    }
  }

  /** Removes the shard. */
  @TearDown
  public void close() throws IOException {
    sum.close();
    shard.close();
    allocator.close();
    Files.delete(path);
    Files.delete(path.getParent());
  }

  private static void requireSum(long firstElement, int rows, float sum) {
    long elements = (long) rows * COLUMN.width();
    long expected = sumBelow(firstElement + elements) - sumBelow(firstElement);
    if (sum != expected) {
      throw new IllegalStateException("the sum must be %d, but was: %s".formatted(expected, sum));
    }
  }

  private static long sumBelow(long element) {
    long rest = element % VALUES;
    return element / VALUES * (VALUES * (VALUES - 1L) / 2) + rest * (rest - 1) / 2;
  }
}
