package io.lepton.benchmarks;

import io.lepton.spark.DivergenceException;
import io.lepton.spark.EpochReport;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.RoundReport;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.TrainingResult;
import io.lepton.spark.config.JobConfiguration;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Accuracy after the last epoch by how replicas are averaged, over several seeds; no epoch is
 * chosen by it.
 */
public final class AveragingQuality {
  private static final Path JOB = Path.of("benchmarks/averaging.conf");
  private static final String ROW = "| %-48s | %13s | %13s | %6s | %8s | %8s |%n";

  private final SparkSession spark;
  private final List<String> settings;
  private final Map<AveragingSetting, List<Outcome>> outcomes = new LinkedHashMap<>();

  private record Outcome(double accuracy, int rounds, double megabytesDown, double megabytesUp) {}

  private AveragingQuality(SparkSession spark, List<String> settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Prints a table to standard output and each run to standard error.
   *
   * @param arguments number of seeds, then settings of all trainings, each {@code path=value}
   */
  public static void main(String[] arguments) throws IOException {
    int seeds = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
    List<String> settings =
        List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    try (SparkSession spark =
        LeptonSpark.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()) {
      AveragingQuality quality = new AveragingQuality(spark, settings);
      double seconds = Stopwatch.seconds(() -> quality.measure(seeds));
      System.out.printf(
          "%s, %d cores, load average at the start %s, %s s, %d seeds, settings %s%n%n",
          Runtime.version(),
          Runtime.getRuntime().availableProcessors(),
          ResultTable.number(load),
          ResultTable.number(seconds),
          seeds,
          settings);
      quality.print();
    }
  }

  private void measure(int seeds) {
    for (int seed = 1; seed <= seeds; seed++) {
      for (AveragingSetting setting : AveragingSetting.all()) {
        Outcome outcome = train(setting, seed);
        outcomes.computeIfAbsent(setting, any -> new ArrayList<>()).add(outcome);
        System.err.printf("seed %d, %s: %s%n", seed, setting.name(), outcome);
      }
    }
  }

  private Outcome train(AveragingSetting setting, int seed) {
    List<String> all = new ArrayList<>(List.of("seed=" + seed));
    all.addAll(setting.settings());
    all.addAll(settings);
    JobConfiguration job = JobConfiguration.load(JOB, all);
    Traffic traffic = new Traffic();
    double accuracy;
    try {
      TrainingResult result =
          new Trainer(job.trainingJob(), traffic, new PhaseClock())
              .train(
                  read(job.data().train()), job.data().validation().map(this::read).orElse(null));
      EpochReport last = result.epochs().get(result.epochs().size() - 1);
      accuracy = 100 * last.metrics().get("accuracy");
    } catch (DivergenceException e) {
      System.err.println(e.getMessage());
      accuracy = Double.NaN;
    }
    return new Outcome(accuracy, traffic.rounds, traffic.down / 1e6, traffic.up / 1e6);
  }

  private Dataset<Row> read(String path) {
    return LeptonSpark.read(spark, "parquet", path, 1);
  }

  private void print() {
    System.out.printf(ROW, "averaging", "accuracy, %", "to synchr.", "rounds", "MB down", "MB up");
    System.out.printf(ROW, "---", "---:", "---:", "---:", "---:", "---:");
    List<Outcome> synchronous = outcomes.get(AveragingSetting.SYNCHRONOUS);
    outcomes.forEach(
        (setting, runs) -> {
          List<Double> accuracies = runs.stream().map(Outcome::accuracy).toList();
          List<Double> differences =
              IntStream.range(0, runs.size())
                  .mapToObj(i -> accuracies.get(i) - synchronous.get(i).accuracy())
                  .toList();
          System.out.printf(
              ROW,
              setting.name(),
              text("%.2f ± %.2f", accuracies),
              text("%+.2f ± %.2f", differences),
              runs.get(0).rounds(),
              ResultTable.number(runs.get(0).megabytesDown()),
              ResultTable.number(runs.get(0).megabytesUp()));
        });
  }

  private static String text(String format, List<Double> values) {
    MeanInterval interval = MeanInterval.of(values);
    return String.format(Locale.ROOT, format, interval.mean(), interval.half());
  }

  private static final class Traffic implements TrainingListener {
    private int rounds;
    private long down;
    private long up;

    @Override
    public void round(RoundReport report) {
      rounds = report.round();
      down += report.bytesDown();
      up += report.bytesUp();
    }
  }
}
