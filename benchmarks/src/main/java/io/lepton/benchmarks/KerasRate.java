package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.Precision;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.ModelCompiler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Steps of compiled programs on memory against a tf.function loop of the same models in Keras. */
public final class KerasRate {
  private static final int ROWS = 20_000;
  private static final int ROUNDS = 9;
  private static final int WARMUPS = 1;
  private static final double SECONDS = 3;
  private static final int CORES = 2;
  private static final String KERAS = "Keras, tf.function loop, two threads";
  private static final String TWO = "Lepton, two sessions of one thread";
  private static final String LOW = "Lepton, two sessions, mixed-bfloat16";

  private KerasRate() {}

  /** Prints a table to standard output. */
  public static void main(String[] args) throws IOException {
    String python = System.getenv().getOrDefault("LEPTON_PYTHON", "python3");
    System.out.printf(
        "%s, %d cores, load average at the start %s%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    Path directory = Files.createTempDirectory("lepton-benchmarks");
    try (BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE)) {
      ResultTable table = new ResultTable(System.out);
      for (ReferenceModel model : ReferenceModel.values()) {
        measure(model, python, directory, root, table);
      }
    } finally {
      Files.deleteIfExists(directory.resolve("rows"));
      Files.delete(directory);
    }
    System.out.printf("%nloans outstanding at the end: %d%n", TensorLease.outstanding());
  }

  private static void measure(
      ReferenceModel model,
      String python,
      Path directory,
      BufferAllocator allocator,
      ResultTable table)
      throws IOException {
    CompiledModel compiled = ModelCompiler.compile(model.spec(), 7);
    FlatVector initial = FlatVector.allocate(compiled.program().vectorSize());
    initial.put(compiled.initialParameters());
    Path rows = write(directory.resolve("rows"), compiled.program(), model.classes(), allocator);
    try (MappedShard shard = MappedShard.open(rows, allocator);
        KerasLoop keras = new KerasLoop(python, model, CORES)) {
      BareLoop loop =
          new BareLoop(compiled.program(), initial, 1e-3, shard.chunks().get(0), allocator);
      int steps = steps(loop, model.batch());
      Map<String, List<Double>> samples =
          new Alternation<Double>()
              .side(KERAS, () -> keras.examplesPerSecond(SECONDS))
              .side(TWO, () -> lepton(loop, options(Precision.FLOAT32), steps, model))
              .side(LOW, () -> lepton(loop, options(Precision.MIXED_BFLOAT16), steps, model))
              .measure(WARMUPS, ROUNDS);
      samples.forEach(
          (side, values) -> table.row(model + ": " + side, new Samples(values), "examples/s"));
      ratio(table, model, samples, TWO, KERAS);
      ratio(table, model, samples, LOW, TWO);
    }
  }

  private static void ratio(
      ResultTable table,
      ReferenceModel model,
      Map<String, List<Double>> samples,
      String side,
      String other) {
    table.row(
        "%s: %s / %s".formatted(model, side, other),
        Samples.ratios(samples.get(side), samples.get(other)),
        "ratio");
  }

  /** As many as take about the seconds that Keras is given. */
  private static int steps(BareLoop loop, int batch) {
    SessionOptions options = options(Precision.FLOAT32);
    return (int) (loop.examplesPerSecond(options, 20, 50, batch) * SECONDS / batch);
  }

  /** Examples a second of a session a core, which step side by side. */
  private static double lepton(
      BareLoop loop, SessionOptions options, int steps, ReferenceModel model) {
    return IntStream.range(0, CORES)
        .parallel()
        .mapToDouble(session -> loop.examplesPerSecond(options, steps / 10, steps, model.batch()))
        .sum();
  }

  private static SessionOptions options(Precision precision) {
    return new SessionOptions(1, SessionOptions.NO_GPU, ComputeOptions.DEFAULT.in(precision));
  }

  /** Random rows as one chunk: inputs in their type's range, then class numbers. */
  private static Path write(
      Path path, TrainingProgram program, int classes, BufferAllocator allocator)
      throws IOException {
    Random random = new Random(7);
    Files.deleteIfExists(path);
    try (ChunkBuffer chunk = new ChunkBuffer(program.columns(), ROWS, allocator);
        ShardWriter writer = new ShardWriter(path, program.columns())) {
      chunk.take(ROWS);
      long bytes = (long) ROWS * program.columns().get(0).bytesPerExample();
      boolean floats = program.columns().get(0).type() == ElementType.FLOAT32;
      for (long at = 0; at < bytes; at += Float.BYTES) {
        MemoryUtil.putInt(
            chunk.address(0) + at,
            floats ? Float.floatToIntBits(random.nextFloat()) : random.nextInt());
      }
      for (int row = 0; row < ROWS; row++) {
        MemoryUtil.putInt(chunk.address(1) + (long) row * Integer.BYTES, random.nextInt(classes));
      }
      writer.write(chunk);
      writer.finish();
    }
    return path;
  }
}
