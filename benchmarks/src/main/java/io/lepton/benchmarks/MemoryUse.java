package io.lepton.benchmarks;

import io.lepton.spark.LeptonSpark;
import io.lepton.spark.Objective;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.RoundReport;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.TrainingOptions;
import io.lepton.spark.TrainingResult;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Anonymous resident memory of a process that ingests four million rows of 28 columns and trains on
 * them for an epoch; the page cache, which mapped shards are part of, is not counted.
 */
public final class MemoryUse {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path DATA = Path.of("benchmarks/target/data");
  private static final int PARTITIONS = 4;
  private static final int SAMPLING_MILLIS = 50;

  private MemoryUse() {}

  /** Prints the peak to standard output. */
  public static void main(String[] arguments) throws IOException {
    AtomicLong anonymous = new AtomicLong();
    AtomicLong mapped = new AtomicLong();
    ScheduledExecutorService sampling = Executors.newSingleThreadScheduledExecutor();
    try (SparkSession spark =
        LeptonSpark.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate()) {
      GeneratedTable table = GeneratedTable.FLOATS;
      Dataset<Row> data = LeptonSpark.read(spark, "parquet", table.in(DATA, spark), PARTITIONS);
      ScheduledFuture<?> samples =
          sampling.scheduleAtFixedRate(
              () -> {
                anonymous.accumulateAndGet(kilobytes("RssAnon:"), Math::max);
                mapped.accumulateAndGet(kilobytes("RssFile:"), Math::max);
              },
              0,
              SAMPLING_MILLIS,
              TimeUnit.MILLISECONDS);
      TrainingResult result =
          new Trainer(job(table), new FirstRound(), new PhaseClock()).train(data);
      samples.cancel(true);
      System.out.printf(
          "%,d rows trained on, heap at most %,d MiB: anonymous %,d MiB, mapped files %,d MiB at the"
              + " peak%n",
          result.trainingRows(),
          Runtime.getRuntime().maxMemory() >> 20,
          anonymous.get() >> 10,
          mapped.get() >> 10);
    } finally {
      sampling.shutdownNow();
    }
  }

  /** Tells that training has begun. */
  private static final class FirstRound implements TrainingListener {
    @Override
    public void round(RoundReport report) {
      if (report.round() == 1) {
        System.out.printf("ingested; anonymous now %,d MiB%n", kilobytes("RssAnon:") >> 10);
      }
    }
  }

  private static TrainingJob job(GeneratedTable table) {
    return new TrainingJob(
        "memory",
        table.spec(),
        Node.chain(
            new Layer.Dense(64, Activation.RELU, true),
            new Layer.Dense(10, Activation.LINEAR, true)),
        Objective.of(new Loss.Softmax(10)),
        new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-7),
        new TrainingOptions(7, 1, 1024, 2, 500, null, null),
        0.1);
  }

  private static long kilobytes(String field) {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
