package io.lepton.benchmarks;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.Jobs;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.Objective;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.RoundCosts;
import io.lepton.spark.RoundForecast;
import io.lepton.spark.RoundShape;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingOptions;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rounds on paper: their parts are measured with one and two replicas on two executors, forecast
 * for 2, 4 and 8 replicas and compared with real rounds, then forecast for clusters nobody has
 * here.
 */
public final class ScaleForecast {
  private static final String DATA = "data/fashion-mnist/train.parquet";
  private static final int BATCH = 16;
  private static final int STEPS = 24;
  private static final int FEW = 2;
  private static final int MANY = 8;
  private static final int TASKS = 64;
  private static final double LINK = 10e9 / 8;

  private final SparkSession session;

  private ScaleForecast(SparkSession session) {
    this.session = session;
  }

  /**
   * Prints both tables to standard output.
   *
   * @param arguments numbers of parameters to check with
   */
  public static void main(String[] arguments) throws IOException {
    System.out.printf(
        "%s, %d cores, load average at the start %s%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    try (SparkSession session = TwoExecutors.session()) {
      ScaleForecast forecast = new ScaleForecast(session);
      double task = forecast.taskSeconds();
      double round = forecast.train(2, 10_000, FEW).seconds() - 2 * task;
      RoundCosts costs = null;
      for (String parameters : arguments) {
        costs = forecast.check(Integer.parseInt(parameters), round, task);
      }
      if (costs != null) {
        grid(costs);
      }
    }
  }

  /** Seconds of one more task that does nothing. */
  private double taskSeconds() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    JavaRDD<Integer> rdd = spark.parallelize(List.of(0), TASKS);
    List<Integer> all = IntStream.range(0, TASKS).boxed().toList();
    var samples =
        new Alternation<Double>()
            .side("two", () -> Stopwatch.seconds(() -> run(rdd, List.of(0, 1))))
            .side("all", () -> Stopwatch.seconds(() -> run(rdd, all)))
            .measure(5, 11);
    double more =
        new Samples(samples.get("all")).median() - new Samples(samples.get("two")).median();
    return more / (TASKS - 2);
  }

  private static void run(JavaRDD<Integer> rdd, List<Integer> partitions) {
    Jobs.run(rdd, partitions, (context, none) -> true, (place, done) -> {});
  }

  private RoundCosts check(int parameters, double round, double task) {
    RoundTimes one = train(1, parameters, FEW);
    RoundTimes two = train(2, parameters, FEW);
    RoundTimes longer = train(2, parameters, MANY);
    double vector = one.bytesDown() / Float.BYTES;
    double step = (longer.compute() - two.compute()) / (MANY - FEW);
    double fold = (two.rest() - one.rest() - task) / vector;
    RoundCosts costs =
        new RoundCosts(
            round,
            task,
            two.bytesDown() / two.broadcast(),
            Math.max(0, (two.compute() - FEW * step) / vector),
            Math.max(0, fold),
            Math.max(0, (one.rest() - round - task) / vector - fold),
            step);
    System.out.printf("%,d parameters: %s%n%n", (long) vector, costs);
    String row = "| %8s | %5s | %12s | %12s | %9s | %12s | %12s |%n";
    System.out.printf(
        row, "replicas", "steps", "forecast ms", "measured ms", "ratio", "forecast MB", "sent MB");
    System.out.printf(row, "---:", "---:", "---:", "---:", "---:", "---:", "---:");
    for (int replicas : List.of(2, 4, 8)) {
      for (int steps : List.of(FEW, MANY)) {
        RoundTimes real = train(replicas, parameters, steps);
        RoundForecast paper =
            new RoundForecast(shape(replicas, 2, (long) vector, DeltaCodec.FLOAT32, steps), costs);
        System.out.printf(
            row,
            replicas,
            steps,
            ResultTable.number(1e3 * paper.seconds()),
            ResultTable.number(1e3 * real.seconds()),
            ResultTable.number(paper.seconds() / real.seconds()),
            ResultTable.number((paper.bytesDown() + paper.bytesUp()) / 1e6),
            ResultTable.number((real.bytesDown() + real.bytesUp()) / 1e6));
      }
    }
    System.out.println();
    return costs;
  }

  private static RoundShape shape(
      int replicas, int executors, long vector, DeltaCodec codec, int steps) {
    return new RoundShape(
        replicas,
        executors,
        executors,
        vector,
        vector,
        codec,
        codec != DeltaCodec.FLOAT32,
        DeltaCodec.FLOAT32,
        codec == DeltaCodec.FLOAT32 ? 0 : vector,
        0,
        false,
        steps,
        Averaging.FOLD_WIDTH);
  }

  /** What is not steps, and bytes over the driver's link, an executor for each replica. */
  private static void grid(RoundCosts costs) {
    String row = "| %14s | %8s | %9s | %9s | %10s | %10s | %10s | %9s |%n";
    System.out.printf(
        row,
        "parameters",
        "replicas",
        "sync s",
        "int8 s",
        "GB down",
        "GB up",
        "int8 GB up",
        "driver GB");
    System.out.printf(row, "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
    for (long parameters = 1_000_000; parameters <= 10_000_000_000L; parameters *= 10) {
      for (int replicas : List.of(2, 8, 64, 512, 4096)) {
        RoundForecast plain = paper(parameters, replicas, DeltaCodec.FLOAT32, costs);
        RoundForecast coded = paper(parameters, replicas, DeltaCodec.INT8, costs);
        System.out.printf(
            row,
            String.format(Locale.ROOT, "%,d", parameters),
            String.format(Locale.ROOT, "%,d", replicas),
            ResultTable.number(plain.syncSeconds()),
            ResultTable.number(coded.syncSeconds()),
            ResultTable.number(plain.driverBytesDown() / 1e9),
            ResultTable.number(plain.driverBytesUp() / 1e9),
            ResultTable.number(coded.driverBytesUp() / 1e9),
            ResultTable.number(plain.driverBytes() / 1e9));
      }
    }
  }

  private static RoundForecast paper(
      long parameters, int replicas, DeltaCodec codec, RoundCosts costs) {
    return new RoundForecast(shape(2, 2, parameters, codec, 1), costs).at(replicas, LINK);
  }

  private RoundTimes train(int replicas, int parameters, int localSteps) {
    Dataset<Row> rows =
        LeptonSpark.read(session, "parquet", DATA, 1).limit(replicas * STEPS * BATCH);
    TrainingOptions options =
        new TrainingOptions(7, localSteps, BATCH, replicas, localSteps, null, null);
    TrainingJob job =
        new TrainingJob(
            "scale",
            new DataSpec(
                List.of(InputSpec.image("image", "image", List.of(28, 28, 1))),
                LabelSpec.of("label", 10),
                null),
            Node.chain(
                new Layer.Rescaling(1 / 255.0, 0),
                new Layer.Flatten(),
                new Layer.Dense(Math.max(1, parameters / 795), Activation.RELU, true),
                new Layer.Dense(10, Activation.LINEAR, true)),
            Objective.of(new Loss.Softmax(10)),
            new Optimizer.Sgd(1e-3, 0),
            options,
            0);
    RoundTimes times = new RoundTimes();
    new Trainer(job, times, new PhaseClock()).train(rows, rows.limit(100));
    return times;
  }
}
