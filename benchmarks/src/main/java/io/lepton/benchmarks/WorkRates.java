package io.lepton.benchmarks;

import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingListener;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.Precision;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.ModelCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rates of one work. */
final class WorkRates {
  static final int CORES = 2;

  /** File of random rows for bare loops. */
  static final String ROWS = "rows";

  private static final int WARMUPS = 1;
  private static final double SECONDS = 3;
  private static final String KERAS = "Keras loop of two threads";
  private static final String BARE = "two bare loops";
  private static final String OFTEN = "two replicas, H = 16";
  private static final String LEPTON = "two replicas";
  private static final String LOW = ", mixed-bfloat16";

  private final Work work;
  private final SparkSession spark;
  private final Work.Data data;
  private final BufferAllocator allocator;

  WorkRates(Work work, SparkSession spark, BufferAllocator allocator) {
    this.work = work;
    this.spark = spark;
    this.data = work.data(0, Peer.TARGET.resolve("data"), spark);
    this.allocator = allocator;
  }

  /**
   * Adds rows to a table.
   *
   * @param directory for rows of bare loops
   */
  void measure(Path directory, int rounds, ResultTable table) throws IOException {
    TrainingJob job = job();
    CompiledModel compiled =
        ModelCompiler.compile(Trainer.model(job, training().schema()), job.options().seed());
    TrainingProgram program = compiled.program();
    FlatVector initial = FlatVector.allocate(program.vectorSize());
    initial.put(compiled.initialParameters());
    int classes = job.data().labels().get(0).classes();
    Path rows = write(directory.resolve(ROWS), program, classes);
    double rate = job.optimizer().learningRate();
    try (MappedShard shard = MappedShard.open(rows, allocator)) {
      MappedShard.Chunk chunk = shard.chunks().get(0);
      print(sample(new BareLoop(program, initial, rate, chunk, allocator), rounds), table);
    }
  }

  private Map<String, List<Double>> sample(BareLoop loop, int rounds) throws IOException {
    int batch = work.batchSize();
    int steps =
        (int) (loop.examplesPerSecond(options(Precision.FLOAT32), 20, 50, batch) * SECONDS / batch);
    Alternation<Double> sides = new Alternation<>();
    try (KerasLoop full = new KerasLoop(work, data, CORES, "float32");
        KerasLoop low = new KerasLoop(work, data, CORES, "mixed_bfloat16")) {
      return sides
          .side(KERAS, () -> full.examplesPerSecond(SECONDS))
          .side(BARE, () -> bare(loop, Precision.FLOAT32, steps))
          .side(OFTEN, () -> train(Precision.FLOAT32, "averaging.local-steps=16"))
          .side(LEPTON, () -> train(Precision.FLOAT32))
          .side(KERAS + LOW, () -> low.examplesPerSecond(SECONDS))
          .side(BARE + LOW, () -> bare(loop, Precision.MIXED_BFLOAT16, steps))
          .side(LEPTON + LOW, () -> train(Precision.MIXED_BFLOAT16))
          .measure(WARMUPS, rounds);
    }
  }

  private void print(Map<String, List<Double>> samples, ResultTable table) {
    samples.forEach(
        (side, values) ->
            table.row("%s: %s".formatted(work, side), new Samples(values), "examples/s"));
    ratios(OFTEN, List.of(BARE), samples, table);
    ratios(LEPTON, List.of(BARE), samples, table);
    ratios(LEPTON + LOW, List.of(BARE + LOW), samples, table);
    for (String side : List.of(BARE, LEPTON, BARE + LOW, LEPTON + LOW)) {
      ratios(side, List.of(KERAS, KERAS + LOW), samples, table);
    }
  }

  private void ratios(
      String side, List<String> others, Map<String, List<Double>> samples, ResultTable table) {
    for (String other : others) {
      table.row(
          "%s: %s / %s".formatted(work, side, other),
          Samples.ratios(samples.get(side), samples.get(other)),
          "ratio");
    }
  }

  /** Of a session a core, which step side by side. */
  private double bare(BareLoop loop, Precision precision, int steps) {
    SessionOptions options = options(precision);
    return IntStream.range(0, CORES)
        .parallel()
        .mapToDouble(any -> loop.examplesPerSecond(options, steps / 10, steps, work.batchSize()))
        .sum();
  }

  private static SessionOptions options(Precision precision) {
    return new SessionOptions(1, SessionOptions.NO_GPU, ComputeOptions.DEFAULT.in(precision));
  }

  private double train(Precision precision, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("training.precision=" + precision.word());
    return new Trainer(job(all.toArray(String[]::new)), TrainingListener.NONE, new PhaseClock())
        .train(training(), read(data.test()))
        .examplesPerSecond();
  }

  private TrainingJob job(String... settings) {
    return work.job(data, CORES, work == Work.W3 ? 15 : 3, List.of(settings)).trainingJob();
  }

  private Dataset<Row> training() {
    return read(data.train());
  }

  private Dataset<Row> read(Path path) {
    return LeptonSpark.read(spark, "parquet", path.toString(), CORES);
  }

  /** As many rows as a replica has, random, as one chunk. */
  private Path write(Path path, TrainingProgram program, int classes) throws IOException {
    Random random = new Random(7);
    int count = work.rows(0) / CORES;
    Files.deleteIfExists(path);
    try (ChunkBuffer chunk = new ChunkBuffer(program.columns(), count, allocator);
        ShardWriter writer = new ShardWriter(path, program.columns())) {
      chunk.take(count);
      long bytes = (long) count * program.columns().get(0).bytesPerExample();
      boolean floats = program.columns().get(0).type() == ElementType.FLOAT32;
      for (long at = 0; at < bytes; at += Float.BYTES) {
        MemoryUtil.putInt(
            chunk.address(0) + at,
            floats ? Float.floatToIntBits(random.nextFloat()) : random.nextInt());
      }
      for (int row = 0; row < count; row++) {
        MemoryUtil.putInt(chunk.address(1) + (long) row * Integer.BYTES, random.nextInt(classes));
      }
      writer.write(chunk);
      writer.finish();
    }
    return path;
  }
}
