package io.lepton.benchmarks;

import io.lepton.spark.ingest.Permutation;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/** The order of a batch of 1,024 rows, out of as many as a chunk may have. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PermutationBenchmark {
  private static final int BATCH = 1024;

  /** Rows of the chunk. */
  @Param({"65536", "65537", "500000"})
  public int size;

  private final int[] rows = new int[BATCH];
  private Permutation order;
  private int batch;

  /** Makes the order. */
  @Setup
  public void permute() {
    order = new Permutation(size, 7);
  }

  /** The next batch. */
  @Benchmark
  public int[] batch() {
    batch = (batch + 1) % (size / BATCH);
    order.apply(batch * BATCH, BATCH, rows);
    return rows;
  }
}
