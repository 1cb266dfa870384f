package io.lepton.benchmarks;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.arrow.codec.TouchedBlocks;
import io.lepton.arrow.codec.TouchedRuns;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
 * Where most blocks are zeros the megabytes are those of the whole table.
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

  /** Elements of a row of a table, of which one in a hundred was touched. */
  private static final int ROW = 64;

  private static final int ROWS_A_TOUCHED_ONE = 100;

  /** How they are coded. */
  @Param public DeltaCodec codec;

  private final FlatVector delta = FlatVector.allocate(SIZE);
  private final FlatVector residual = FlatVector.allocate(SIZE);
  private final FlatVector decoded = FlatVector.allocate(SIZE);
  private final double[] sum = new double[SIZE];
  private ByteBuffer coded;
  private ByteBuffer fewRows;
  private ByteBuffer touched;

  /** Makes deltas as an optimizer does: some ten thousandths, not all alike. */
  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < SIZE; i++) {
      delta.set(i, (float) (1e-4 * random.nextGaussian()));
    }
    coded = ByteBuffer.allocateDirect(codec.encodedBytes(SIZE));
    codec.encode(delta, 0, SIZE, coded);
    FlatVector sparse = FlatVector.allocate(SIZE);
    for (int row = 0; row < SIZE / ROW; row += ROWS_A_TOUCHED_ONE) {
      sparse.put((long) row * ROW, delta.floats((long) row * ROW, ROW));
    }
    fewRows = ByteBuffer.allocateDirect(codec.encodedBytes(SIZE));
    codec.encode(sparse, 0, SIZE, fewRows);
    touched = TouchedBlocks.of(codec, SIZE, fewRows).orElseThrow();
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

  /** Blocks of zeros looked for where there are none. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public boolean findAllTouched() {
    return TouchedBlocks.of(codec, SIZE, coded).isEmpty();
  }

  /** Blocks of zeros left out of a table of which a row in a hundred was touched. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public ByteBuffer leaveOutUntouched() {
    return TouchedBlocks.of(codec, SIZE, fewRows).orElseThrow();
  }

  /** What is left of that table, onto a weighted sum of doubles. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void foldTouched() {
    ByteBuffer left = touched.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer where = left.slice(Integer.BYTES, left.getInt());
    left.position(Integer.BYTES + where.remaining());
    TouchedRuns runs = TouchedRuns.of(codec, where, SIZE);
    codec.decode(
        left,
        runs.kept(),
        (at, values, length) ->
            runs.next(length, (target, source, count) -> add(target, values, source, count)));
  }

  private void add(int at, float[] values, int count) {
    add(at, values, 0, count);
  }

  private void add(int at, float[] values, int from, int count) {
    for (int i = 0; i < count; i++) {
      sum[at + i] += WEIGHT * values[from + i];
    }
  }
}
