package io.lepton.benchmarks;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.ClusterSize;
import io.lepton.spark.CostMeter;
import io.lepton.spark.EmptyJobs;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.MeasuredCosts;
import io.lepton.spark.Objective;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.RoundCosts;
import io.lepton.spark.RoundForecast;
import io.lepton.spark.RoundShape;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.TrainingOptions;
import io.lepton.spark.TrainingResult;
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
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rounds on paper: what their parts cost is measured in a training of two replicas on two
 * executors, as every training measures it, forecast for 2, 4 and 8 replicas and compared with real
 * rounds, then forecast for clusters nobody has here.
 */
public final class ScaleForecast {
  private static final String DATA = "data/fashion-mnist/train.parquet";
  private static final int BATCH = 16;
  private static final int STEPS = 24;
  private static final int FEW = 2;
  private static final int MANY = 8;
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
    try (SparkSession session = TwoExecutors.session(Map.of())) {
      ScaleForecast forecast = new ScaleForecast(session);
      double task =
          EmptyJobs.taskSeconds(JavaSparkContext.fromSparkContext(session.sparkContext()));
      RoundCosts costs = null;
      for (String parameters : arguments) {
        costs = forecast.check(Integer.parseInt(parameters), task);
      }
      if (costs != null) {
        grid(costs);
      }
    }
  }

  private RoundCosts check(int parameters, double task) {
    MeasuredCosts measured = train(2, parameters, FEW).costs();
    RoundCosts costs = measured.costs(task);
    System.out.printf("%,d parameters: %s%n%n", measured.vector(), costs);
    String row = "| %8s | %5s | %12s | %12s | %9s | %12s | %12s |%n";
    System.out.printf(
        row, "replicas", "steps", "forecast ms", "measured ms", "ratio", "forecast MB", "sent MB");
    System.out.printf(row, "---:", "---:", "---:", "---:", "---:", "---:", "---:");
    for (int replicas : List.of(2, 4, 8)) {
      for (int steps : List.of(FEW, MANY)) {
        RoundTimes real = train(replicas, parameters, steps).times();
        RoundForecast paper =
            new RoundForecast(
                shape(replicas, 2, measured.vector(), DeltaCodec.FLOAT32, steps), costs);
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
        steps);
  }

  /** What is not steps, an executor for each replica. */
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
            ResultTable.number(plain.bytesDown() / 1e9),
            ResultTable.number(plain.bytesUp() / 1e9),
            ResultTable.number(coded.bytesUp() / 1e9),
            ResultTable.number(plain.driverBytes() / 1e9));
      }
    }
  }

  private static RoundForecast paper(
      long parameters, int replicas, DeltaCodec codec, RoundCosts costs) {
    return new RoundForecast(shape(2, 2, parameters, codec, 1), costs).at(replicas, LINK);
  }

  /** A training: its rounds, and what their parts cost. */
  private record Measured(RoundTimes times, MeasuredCosts costs) {}

  private Measured train(int replicas, int parameters, int localSteps) {
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
    CostMeter meter = new CostMeter();
    TrainingResult result =
        new Trainer(job, TrainingListener.all(List.of(times, meter)), new PhaseClock())
            .train(rows, rows.limit(100));
    return new Measured(
        times,
        meter
            .costs(options, result.compiled().program(), ClusterSize.of(session.sparkContext()))
            .orElseThrow());
  }
}
