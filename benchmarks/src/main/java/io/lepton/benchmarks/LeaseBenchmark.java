package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.TensorLease;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to lend memory to TensorFlow and to get it back, whatever its size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LeaseBenchmark {
  private static final ColumnSpec COLUMN =
      new ColumnSpec("features", ElementType.FLOAT32, List.of(784));

  /** Rows of 784 float32 that are lent. */
  @Param({"32", "512", "4096", "65536"})
  public int rows;

  private final CopyLedger ledger = new CopyLedger();
  private BufferAllocator allocator;
  private ArrowBuf buffer;
  private long[] shape;

  /** Makes the memory. */
  @Setup
  public void allocate() {
    allocator = AlignedMemory.root(Long.MAX_VALUE);
    buffer = allocator.buffer((long) rows * COLUMN.bytesPerExample());
    shape = COLUMN.tensorShape(rows);
  }

  /** Lends it and takes it back. */
  @Benchmark
  public boolean lendAndClose() {
    try (TensorLease lease = TensorLease.lend(buffer, 0, COLUMN.type(), shape, ledger)) {
      return lease.inPlace();
    }
  }

  /** Frees it. */
  @TearDown
  public void free() {
    buffer.close();
    allocator.close();
    if (ledger.total() != 0) {
      throw new IllegalStateException("no byte may be copied, but were: " + ledger.total());
    }
  }
}
