package io.lepton.benchmarks;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Megabytes of float32 a second through each codec on one thread, beside copying them as they are.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeltaCodecBenchmark {
  private static final int MEGABYTES = 16;
  private static final int SIZE = MEGABYTES * 1_000_000 / Float.BYTES;
  private static final double WEIGHT = 640;

  /** How they are coded. */
  @Param public DeltaCodec codec;

  private final FlatVector delta = FlatVector.allocate(SIZE);
  private final FlatVector residual = FlatVector.allocate(SIZE);
  private final FlatVector decoded = FlatVector.allocate(SIZE);
  private final double[] sum = new double[SIZE];
  private ByteBuffer coded;

  /** Makes deltas as an optimizer does: some ten thousandths, not all alike. */
  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < SIZE; i++) {
      delta.set(i, (float) (1e-4 * random.nextGaussian()));
    }
    coded = ByteBuffer.allocateDirect(codec.encodedBytes(SIZE));
    codec.encode(delta, 0, SIZE, coded);
  }

  /** From memory to memory, whatever the codec. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void copy() {
    decoded.floats().put(delta.floats());
  }

  /** Without feedback. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void encode() {
    codec.encode(delta, 0, SIZE, coded);
  }

  /** With what the last call lost. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void encodeWithFeedback() {
    codec.encode(delta, residual, 0, SIZE, coded);
  }

  /** Into a vector. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void decode() {
    codec.decode(coded, decoded, 0, SIZE);
  }

  /** Onto a weighted sum of doubles. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void fold() {
    codec.decode(coded, SIZE, this::add);
  }

  private void add(int at, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      sum[at + i] += WEIGHT * values[i];
    }
  }
}
