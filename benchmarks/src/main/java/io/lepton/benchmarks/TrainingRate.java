package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.arrow.TensorLease;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingResult;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.ModelCompiler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Examples a second of a whole training of one replica, against the same program in a {@link
 * BareLoop} over the same rows.
 */
public final class TrainingRate {
  private static final Path JOB = Path.of("conf/fashion-mnist.conf");
  private static final int TRAININGS = 11;
  private static final String BARE = "bare loop of the same program";
  private static final String LEPTON = "Lepton, whole rounds";
  private static final int WARMUPS = 1;
  private static final int WARMUP_STEPS = 200;
  private static final List<String> SETTINGS =
      List.of(
          "averaging.replicas=1",
          "averaging.local-steps=" + WARMUP_STEPS,
          "training.epochs=2",
          "training.precision=float32");

  private final JobConfiguration configuration;
  private final TrainingJob job;
  private final SparkSession spark;
  private final Dataset<Row> training;
  private final List<Double> insideTasks = new ArrayList<>();

  private TrainingRate(JobConfiguration configuration, SparkSession spark) {
    this.configuration = configuration;
    this.spark = spark;
    this.training = read(configuration.data().train());
    this.job = configuration.trainingJob();
  }

  /**
   * Prints a table to standard output.
   *
   * @param settings of the training job to change, each {@code path=value}
   */
  public static void main(String[] settings) throws IOException {
    System.out.printf(
        "%s, %d cores, load average at the start %s, settings %s%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()),
        List.of(settings));
    List<String> all = new ArrayList<>(SETTINGS);
    all.addAll(List.of(settings));
    JobConfiguration configuration = JobConfiguration.load(JOB, all);
    Path directory = Files.createTempDirectory("lepton-benchmarks");
    try (BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
        SparkSession spark =
            LeptonSpark.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .getOrCreate()) {
      ResultTable table = new ResultTable(System.out);
      new TrainingRate(configuration, spark).measure(TRAININGS, directory, root, table);
    } finally {
      Files.deleteIfExists(directory.resolve("rows"));
      Files.delete(directory);
    }
    System.out.printf("%nloans outstanding at the end: %d%n", TensorLease.outstanding());
  }

  private void measure(int rounds, Path directory, BufferAllocator allocator, ResultTable table)
      throws IOException {
    CompiledModel compiled =
        ModelCompiler.compile(Trainer.model(job, training.schema()), job.options().seed());
    FlatVector initial = FlatVector.allocate(compiled.program().vectorSize());
    initial.put(compiled.initialParameters());
    int warmup = WARMUP_STEPS;
    int batch = job.options().batchSize();
    Path path = write(directory.resolve("rows"), compiled.program(), allocator);
    try (MappedShard shard = MappedShard.open(path, allocator)) {
      BareLoop loop =
          new BareLoop(
              compiled.program(),
              initial,
              job.optimizer().learningRate(),
              shard.chunks().get(0),
              allocator);
      int steps = (int) (shard.rows() / batch) * job.options().epochs() - warmup;
      Map<String, List<Double>> samples =
          new Alternation<Double>()
              .side(BARE, () -> loop.examplesPerSecond(warmup, steps, batch))
              .side(LEPTON, this::train)
              .measure(WARMUPS, rounds);
      table.rows(samples, "examples/s");
      table.row(
          "Lepton, inside its tasks",
          new Samples(insideTasks.subList(WARMUPS, WARMUPS + rounds)),
          "examples/s");
      table.row(
          "Lepton, whole rounds / bare loop, by pairs",
          Samples.ratios(samples.get(LEPTON), samples.get(BARE)),
          "ratio");
    }
  }

  private double train() {
    RoundTotals totals = new RoundTotals();
    Dataset<Row> validation = read(configuration.data().validation().orElseThrow());
    TrainingResult result = new Trainer(job, totals, new PhaseClock()).train(training, validation);
    insideTasks.add(totals.taskExamplesPerSecond());
    return result.examplesPerSecond();
  }

  private Dataset<Row> read(String path) {
    return LeptonSpark.read(spark, "parquet", path, 1);
  }

  /** The training set as one chunk: images of bytes, then class numbers. */
  private Path write(Path path, TrainingProgram program, BufferAllocator allocator)
      throws IOException {
    String image = job.data().inputs().get(0).columns().get(0);
    List<Row> rows = training.select(image, job.data().labels().get(0).column()).collectAsList();
    try (ChunkBuffer chunk = new ChunkBuffer(program.columns(), rows.size(), allocator);
        ShardWriter writer = new ShardWriter(path, program.columns())) {
      for (Row row : rows) {
        byte[] bytes = row.getAs(0);
        long at = chunk.take(1);
        MemoryUtil.copyToMemory(bytes, 0, chunk.address(0) + at * bytes.length, bytes.length);
        MemoryUtil.putInt(chunk.address(1) + at * Integer.BYTES, ((Number) row.get(1)).intValue());
      }
      writer.write(chunk);
      writer.finish();
    }
    return path;
  }
}
