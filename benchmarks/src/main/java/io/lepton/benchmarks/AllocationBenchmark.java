package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.VectorPool;
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

/**
 * What memory for as many float32 costs until each of its pages was written to: a buffer, a vector
 * of a round made anew, with what the garbage collector has to do for it, and one used again.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AllocationBenchmark {
  private static final int PAGE = 4096;

  /** Elements. */
  @Param({"10000", "100000", "1000000", "10000000"})
  public int elements;

  private BufferAllocator allocator;
  private VectorPool pool;

  /** Makes an allocator and a pool of one vector. */
  @Setup
  public void open() {
    allocator = AlignedMemory.root(Long.MAX_VALUE);
    pool = new VectorPool(1);
    pool.take(elements).letGo();
  }

  /** An aligned buffer of Arrow, freed at once. */
  @Benchmark
  public long buffer() {
    long bytes = (long) elements * Float.BYTES;
    try (ArrowBuf buffer = allocator.buffer(bytes)) {
      for (long at = 0; at < bytes; at += PAGE) {
        buffer.setByte(at, 1);
      }
      return buffer.memoryAddress();
    }
  }

  /** A vector that nobody had before. */
  @Benchmark
  public FlatVector fresh() {
    return touched(FlatVector.allocate(elements));
  }

  /** A vector that was let go before. */
  @Benchmark
  public FlatVector pooled() {
    FlatVector vector = touched(pool.take(elements));
    vector.letGo();
    return vector;
  }

  /** Frees all. */
  @TearDown
  public void close() {
    pool.close();
    allocator.close();
  }

  private static FlatVector touched(FlatVector vector) {
    for (long at = 0; at < vector.size(); at += PAGE / Float.BYTES) {
      vector.set(at, 1);
    }
    return vector;
  }
}
