package io.lepton.benchmarks;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.FoldProbe;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.OuterStep;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.Publisher;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Megabytes of float32 deltas a second through the driver's part of a round: the slices of two
 * replicas in this process read, decoded, summed up in doubles and given to the outer optimizer.
 * Beside it what a sum alone costs, of doubles, whose bits depend on the order of what is added,
 * and of 64-bit multiples of a quantum, whose bits do not.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FoldBenchmark {
  private static final int MEGABYTES = 16;
  private static final int SIZE = MEGABYTES * 1_000_000 / Float.BYTES;
  private static final int REPLICAS = 2;
  private static final double WEIGHT = 640;

  /** The largest part is below 2^50 quanta, so that 4,096 parts stay below 2^62. */
  private static final double QUANTUM = 0x1p-50;

  /** What is added to this is rounded to a whole number, in the lowest bits. */
  private static final double ROUNDING = 0x1.8p52;

  private static final long ROUNDING_BITS = Double.doubleToRawLongBits(ROUNDING);

  /** Deltas that replicas have published. */
  @State(Scope.Thread)
  public static class Published {
    /** How they travel. */
    @Param public DeltaCodec codec;

    /** What is done with their mean: nothing more, as DiLoCo, or as FedAdam. */
    @Param({"plain", "nesterov", "adam"})
    public String outer;

    /** Of the driver. */
    @Param({"1", "2"})
    public int threads;

    private final FlatVector start = FlatVector.allocate(SIZE);
    private final FlatVector result = FlatVector.allocate(SIZE);
    private SparkSession spark;
    private BlockScope scope;
    private List<Address> deltas;
    private OuterStep step;

    /** Publishes them in this process. */
    @Setup
    public void publish() {
      spark =
          LeptonSpark.builder()
              .master("local[1]")
              .config("spark.ui.enabled", "false")
              .config("spark.log.level", "ERROR")
              .getOrCreate();
      scope = new BlockScope(JavaSparkContext.fromSparkContext(spark.sparkContext()));
      deltas =
          IntStream.range(0, REPLICAS)
              .mapToObj(
                  replica ->
                      Publisher.publish(
                          scope.id(), "delta_r" + replica, FoldProbe.encode(delta(replica), codec)))
              .toList();
      step = FoldProbe.step(optimizer(), SIZE);
    }

    /** Ends the session. */
    @TearDown
    public void close() {
      scope.close();
      spark.stop();
    }

    private OuterOptimizer optimizer() {
      return switch (outer) {
        case "nesterov" -> new OuterOptimizer.Momentum(0.7, 0.9, true);
        case "adam" -> new OuterOptimizer.Adam(1e-3, 0.9, 0.99, 1e-3);
        default -> OuterOptimizer.PLAIN;
      };
    }
  }

  /** A delta in memory, and what it is added to. */
  @State(Scope.Thread)
  public static class InMemory {
    private final FlatVector delta = delta(0);
    private final FlatVector copied = FlatVector.allocate(SIZE);
    private final double[] sum = new double[SIZE];
    private final long[] quanta = new long[SIZE];

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

  /** A round's fold. */
  @Benchmark
  @OperationsPerInvocation(REPLICAS * MEGABYTES)
  public FlatVector round(Published round) {
    return FoldProbe.fold(
        round.start, round.deltas, round.codec, round.step, round.result, round.threads);
  }

  /** From memory to memory. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void copy(InMemory memory) {
    memory.copied.floats().put(memory.delta.floats());
  }

  /** Doubles, each element read from the vector by itself. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void doublesByElement(InMemory memory) {
    FloatBuffer floats = memory.delta.floats();
    for (int i = 0; i < SIZE; i++) {
      memory.sum[i] += WEIGHT * floats.get(i);
    }
  }

  /** Doubles, elements read by pieces. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void doubles(InMemory memory) {
    DeltaCodec.FLOAT32.decode(memory.delta.bytes(), SIZE, memory::addDoubles);
  }

  /** Quanta, elements read by pieces. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public void quanta(InMemory memory) {
    DeltaCodec.FLOAT32.decode(memory.delta.bytes(), SIZE, memory::addQuanta);
  }

  private static FlatVector delta(int replica) {
    SplittableRandom random = new SplittableRandom(1 + replica);
    FlatVector delta = FlatVector.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      delta.set(i, (float) (1e-4 * random.nextGaussian()));
    }
    return delta;
  }
}
