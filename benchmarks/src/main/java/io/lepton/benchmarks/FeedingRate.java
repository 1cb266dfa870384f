package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.arrow.TensorLease;
import io.lepton.spark.ingest.Permutation;
import io.lepton.tf.BatchRows;
import io.lepton.tf.MetricSums;
import io.lepton.tf.NumberedChunk;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.StepPlan;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.WindowFeed;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Examples a second of an epoch over four windows of eight chunks of 8 MiB, rows of 784 float32,
 * with what is to come staged beside the steps or loaded between them; and the share of the time
 * that deciding the batches takes.
 */
public final class FeedingRate {
  private static final int WIDTH = 784;
  private static final int CLASSES = 10;
  private static final int CHUNK_ROWS = (8 << 20) / (WIDTH * Float.BYTES);
  private static final int SLOTS = 8;
  private static final int WINDOWS = 4;
  private static final int BATCH = 64;
  private static final int STEPS_A_ROUND = 50;
  private static final int WARMUPS = 2;
  private static final int ROUNDS = 11;
  private static final String BETWEEN = "windows loaded between steps";
  private static final String BESIDE = "windows staged beside steps";
  private static final String ANEW = "windows loaded anew every 50 steps";

  private enum Feeding {
    BETWEEN,
    BESIDE,
    ANEW
  }

  private final CompiledModel compiled;
  private final List<NumberedChunk> chunks;
  private final BufferAllocator allocator;
  private final List<Double> planShares = new ArrayList<>();

  private FeedingRate(CompiledModel compiled, MappedShard shard, BufferAllocator allocator) {
    this.compiled = compiled;
    this.allocator = allocator;
    this.chunks =
        IntStream.range(0, shard.chunks().size())
            .mapToObj(i -> new NumberedChunk(shard.chunks().get(i), (long) i * CHUNK_ROWS))
            .toList();
  }

  /** Prints a table to standard output. */
  public static void main(String[] arguments) throws IOException {
    System.out.printf(
        "%s, %d cores, load average at the start %s%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    CompiledModel compiled =
        ModelCompiler.compile(
            ModelSpec.chain(
                new ColumnSpec("x", ElementType.FLOAT32, List.of(WIDTH)),
                new ColumnSpec("y", ElementType.INT32, List.of()),
                false,
                List.of(
                    new Layer.Dense(64, Activation.RELU, true),
                    new Layer.Dense(CLASSES, Activation.LINEAR, true)),
                new Loss.Softmax(CLASSES),
                new Optimizer.Sgd(0.01, 0)),
            7,
            SLOTS);
    Path path = Files.createTempDirectory("lepton-benchmarks").resolve("rows");
    try (BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE)) {
      write(path, compiled.program(), root);
      try (MappedShard shard = MappedShard.open(path, root)) {
        new FeedingRate(compiled, shard, root).measure(new ResultTable(System.out));
      }
    } finally {
      Files.deleteIfExists(path);
      Files.delete(path.getParent());
    }
    System.out.printf("%nloans outstanding at the end: %d%n", TensorLease.outstanding());
  }

  private void measure(ResultTable table) {
    Map<String, List<Double>> samples =
        new Alternation<Double>()
            .side(BETWEEN, () -> examplesPerSecond(Feeding.BETWEEN))
            .side(BESIDE, () -> examplesPerSecond(Feeding.BESIDE))
            .side(ANEW, () -> examplesPerSecond(Feeding.ANEW))
            .measure(WARMUPS, ROUNDS);
    table.rows(samples, "examples/s");
    for (String side : List.of(BESIDE, ANEW)) {
      table.row(
          side + " / loaded between, by pairs",
          Samples.ratios(samples.get(side), samples.get(BETWEEN)),
          "ratio");
    }
    int warm = planShares.size() * WARMUPS / (WARMUPS + ROUNDS);
    List<Double> shares = planShares.subList(warm, planShares.size());
    table.row("share of deciding the batches", new Samples(shares), "ratio");
  }

  private double examplesPerSecond(Feeding feeding) {
    FlatVector initial = FlatVector.allocate(compiled.program().vectorSize());
    initial.put(compiled.initialParameters());
    MetricSums sums = new MetricSums(compiled.program().metrics());
    try (ProgramSession session =
            new ProgramSession(compiled.program(), SessionOptions.SINGLE_THREAD);
        WindowFeed feed = new WindowFeed(session)) {
      session.assign(initial);
      double[] planning = new double[1];
      double seconds =
          Stopwatch.seconds(
              () -> {
                for (int window = 0; window < WINDOWS; window++) {
                  planning[0] += train(session, feed, window, feeding, sums);
                }
              });
      planShares.add(planning[0] / seconds);
      feed.await();
      return sums.examples() / seconds;
    }
  }

  /** Seconds that deciding the batches took. */
  private double train(
      ProgramSession session, WindowFeed feed, int window, Feeding feeding, MetricSums sums) {
    Permutation order = new Permutation(SLOTS * CHUNK_ROWS, window);
    int steps = SLOTS * CHUNK_ROWS / BATCH;
    double planning = 0;
    for (int first = 0; first < steps; first += STEPS_A_ROUND) {
      if (feeding == Feeding.ANEW) {
        session.unload();
      }
      feed.load(window(window), feeding == Feeding.BESIDE ? window(window + 1) : List.of());
      int from = first;
      int count = Math.min(STEPS_A_ROUND, steps - first);
      try (StepPlan plan = new StepPlan(allocator, count, BATCH, SLOTS)) {
        planning += Stopwatch.seconds(() -> decide(plan, order, from, count));
        session.train(plan, 0.01f, sums);
      }
    }
    return planning;
  }

  private static void decide(StepPlan plan, Permutation order, int first, int count) {
    BatchRows rows = new BatchRows(BATCH);
    for (int step = first; step < first + count; step++) {
      rows.clear();
      for (int i = 0; i < BATCH; i++) {
        int row = order.apply(step * BATCH + i);
        rows.add(row / CHUNK_ROWS, row % CHUNK_ROWS);
      }
      plan.add(rows, step, 7, 0);
    }
  }

  private List<NumberedChunk> window(int number) {
    return number == WINDOWS ? List.of() : chunks.subList(number * SLOTS, (number + 1) * SLOTS);
  }

  private static void write(Path path, TrainingProgram program, BufferAllocator allocator)
      throws IOException {
    Random random = new Random(7);
    try (ChunkBuffer chunk = new ChunkBuffer(program.columns(), CHUNK_ROWS, allocator);
        ShardWriter writer = new ShardWriter(path, program.columns())) {
      for (int i = 0; i < WINDOWS * SLOTS; i++) {
        chunk.take(CHUNK_ROWS);
        for (long value = 0; value < (long) CHUNK_ROWS * WIDTH; value++) {
          int bits = Float.floatToRawIntBits(random.nextFloat());
          MemoryUtil.putInt(chunk.address(0) + value * Float.BYTES, bits);
        }
        for (long row = 0; row < CHUNK_ROWS; row++) {
          MemoryUtil.putInt(chunk.address(1) + row * Integer.BYTES, random.nextInt(CLASSES));
        }
        writer.write(chunk);
        chunk.clear();
      }
      writer.finish();
    }
  }
}
