package io.lepton.benchmarks;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Megabytes of float32 a second onto a weighted sum on one thread: doubles, whose bits depend on
 * the order of what is added, and 64-bit multiples of a quantum, whose bits do not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FoldBenchmark {
  private static final int MEGABYTES = 16;
  private static final int SIZE = MEGABYTES * 1_000_000 / Float.BYTES;
  private static final double WEIGHT = 640;

  /** The largest part is below 2^50 quanta, so that 4,096 parts stay below 2^62. */
  private static final double QUANTUM = 0x1p-50;

  /** What is added to this is rounded to a whole number, in the lowest bits. */
  private static final double ROUNDING = 0x1.8p52;

  private static final long ROUNDING_BITS = Double.doubleToRawLongBits(ROUNDING);

  private final FlatVector delta = FlatVector.allocate(SIZE);
  private final FlatVector copied = FlatVector.allocate(SIZE);
  private final double[] sum = new double[SIZE];
  private final long[] quanta = new long[SIZE];

  /** Makes a delta. */
  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < SIZE; i++) {
      delta.set(i, (float) (1e-4 * random.nextGaussian()));
    }
  }

  /** From memory to memory. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void copy() {
    copied.floats().put(delta.floats());
  }

  /** Doubles, each element read from the vector by itself. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void doublesByElement() {
    FloatBuffer floats = delta.floats();
    for (int i = 0; i < SIZE; i++) {
      sum[i] += WEIGHT * floats.get(i);
    }
  }

  /** Doubles, elements read by pieces. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void doubles() {
    DeltaCodec.FLOAT32.decode(delta.bytes(), SIZE, this::addDoubles);
  }

  /** Quanta, elements read by pieces. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void quanta() {
    DeltaCodec.FLOAT32.decode(delta.bytes(), SIZE, this::addQuanta);
  }

  private void addDoubles(int at, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      sum[at + i] += WEIGHT * values[i];
    }
  }

  private void addQuanta(int at, float[] values, int count) {
    double scale = WEIGHT / QUANTUM;
    for (int i = 0; i < count; i++) {
      quanta[at + i] += Double.doubleToRawLongBits(scale * values[i] + ROUNDING) - ROUNDING_BITS;
    }
  }
}
