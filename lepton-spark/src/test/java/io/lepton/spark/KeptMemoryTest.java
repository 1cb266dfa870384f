package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.Averaging.OptimizerState;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.Rollback;
import io.lepton.spark.exchange.Tasks;
import io.lepton.tf.model.Optimizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What replicas keep between rounds, through whole trainings. */
class KeptMemoryTest {
  private static final double RATE = 0.1;
  private static final double FEW = 0.003;
  private static final List<Row> TWO =
      List.of(
          Table.row(new double[] {1, 0.5, -1}, 2, 1), Table.row(new double[] {-1, 2, 0.3}, -9, 1));

  /** Whose gradients by the first input cancel; those by the second are FEW times as large. */
  private static final List<Row> APART =
      List.of(
          Table.row(new double[] {1, FEW, 0}, 1, 1), Table.row(new double[] {1, -FEW, 0}, -1, 1));

  private final List<RoundReport> rounds = new ArrayList<>();
  private TrainingResult result;

  @AfterEach
  void nothingIsLeft() {
    Deadline.await(Duration.ofSeconds(10), "blocks removed", () -> Tasks.blocks() == 0);
  }

  @Test
  void eachReplicaGoesOnWithItsOwnMoments() {
    TrainingResult result =
        train(Cluster.local(), adam(), 12, kept(2, DeltaCodec.FLOAT32, false), TWO);

    double[] expected = Lines.start(result);
    double[][] m = new double[2][4];
    double[][] v = new double[2][4];
    for (int round = 1; round <= 12; round++) {
      double[] mean = new double[4];
      double rate = RATE * Math.sqrt(1 - Math.pow(0.999, round)) / (1 - Math.pow(0.9, round));
      for (int replica = 0; replica < 2; replica++) {
        double[] gradient = Lines.gradient(TWO.subList(replica, replica + 1), expected);
        for (int i = 0; i < 4; i++) {
          m[replica][i] = 0.9 * m[replica][i] + 0.1 * gradient[i];
          v[replica][i] = 0.999 * v[replica][i] + 0.001 * gradient[i] * gradient[i];
          mean[i] -= rate * m[replica][i] / (Math.sqrt(v[replica][i]) + 1e-7) / 2;
        }
      }
      for (int i = 0; i < 4; i++) {
        expected[i] += mean[i];
      }
    }
    assertThat(rounds.get(0).averages().losses()).hasSize(2);
    Lines.assertClose(result, expected);
    long model = result.compiled().program().sizeWithoutOptimizer();
    assertThat(model).isLessThan(result.compiled().program().vectorSize());
    assertThat(rounds).allMatch(round -> round.bytesUp() == 2 * model * Float.BYTES);
  }

  @Test
  void whatInt8LosesOfOneRoundIsSentWithLaterOnes() {
    Optimizer sgd = new Optimizer.Sgd(RATE, 0);
    float exact = slope(sgd, DeltaCodec.FLOAT32, false);
    float fed = slope(sgd, DeltaCodec.INT8, true);
    TrainingResult unfed = train(sgd, DeltaCodec.INT8, false);

    double start = Lines.start(unfed)[1];
    double largest = RATE * 2 * 2;
    assertThat(Math.abs(exact - start)).isGreaterThan(0.02);
    assertThat((double) fed).isEqualTo(exact, within(largest / 127 / 2));
    assertThat(Table.weights(unfed)[1]).isEqualTo((float) start);
  }

  @Test
  void aRoundThatIsUndoneTakesTheMomentumAlong() {
    double rate = 0.9;
    train(
        Cluster.local(),
        new Optimizer.Sgd(rate, 0.5),
        20,
        kept(1, DeltaCodec.FLOAT32, false).with(new Rollback(3, 0.25, 9)),
        TWO);
    List<Double> losses = rounds.stream().map(RoundReport::loss).toList();

    List<Double> expected = new ArrayList<>();
    double[] line = Lines.start(result);
    double[] good = line.clone();
    double[] velocity = new double[4];
    double gathered = 0;
    int counted = 0;
    int undone = 0;
    for (int round = 0; round < 20; round++) {
      double loss = Lines.loss(TWO, line);
      expected.add(loss);
      double average = gathered / (1 - Math.pow(0.9, counted));
      if (counted >= 3 && loss > 3 * average) {
        line = good.clone();
        velocity = new double[4];
        rate *= 0.25;
        undone++;
        continue;
      }
      gathered = 0.9 * gathered + 0.1 * loss;
      counted++;
      good = line.clone();
      double[] gradient = Lines.gradient(TWO, line);
      for (int i = 0; i < 4; i++) {
        velocity[i] = 0.5 * velocity[i] - rate * gradient[i];
        line[i] += velocity[i];
      }
    }
    assertThat(undone).isPositive();
    for (int i = 0; i < 20; i++) {
      assertThat(losses.get(i)).isEqualTo(expected.get(i), offset(1e-3 * expected.get(i) + 1e-5));
    }
    assertThat(rounds).allMatch(round -> round.averages().memoryLost() == 0);
  }

  @Test
  void replicasThatMoveBetweenProcessesTakeAllAlong() {
    List<Row> rows = Table.rows(90, 1, 1);
    Averaging averaging = kept(5, DeltaCodec.INT8, true);
    String undisturbed = train(Cluster.local(), adam(), 6, averaging, rows).parametersSha256();

    TrainingResult moved =
        train(Cluster.processes(Map.of("spark.locality.wait", "0s")), adam(), 6, averaging, rows);

    assertThat(moved.parametersSha256()).isEqualTo(undisturbed);
    assertThat(rounds).allMatch(round -> round.averages().memoryLost() == 0);
  }

  @Test
  void whatAReplicaKeptDiesWithItsProcessAndThatIsTold() {
    SparkSession spark = Cluster.processes();
    SparkContext context = spark.sparkContext();
    TrainingListener killer =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            if (report.round() == 3) {
              JavaSparkContext java = JavaSparkContext.fromSparkContext(context);
              Tasks.executors().stream()
                  .map(executor -> Tasks.pid(java, executor))
                  .toList()
                  .forEach(pid -> Tasks.signal(pid, "-KILL"));
            }
          }
        };
    train(spark, adam(), 6, kept(4, DeltaCodec.INT8, true), Table.rows(90, 1, 1), killer);

    List<Integer> lost = rounds.stream().map(round -> round.averages().memoryLost()).toList();
    assertThat(lost.subList(0, 3)).containsOnly(0);
    assertThat(lost.subList(3, 6)).containsExactly(4, 0, 0);
  }

  private float slope(Optimizer optimizer, DeltaCodec codec, boolean feedback) {
    return Table.weights(train(optimizer, codec, feedback))[1];
  }

  private TrainingResult train(Optimizer optimizer, DeltaCodec codec, boolean feedback) {
    return train(Cluster.local(), optimizer, 60, kept(2, codec, feedback), APART);
  }

  private TrainingResult train(
      SparkSession spark, Optimizer optimizer, int steps, Averaging averaging, List<Row> rows) {
    return train(spark, optimizer, steps, averaging, rows, TrainingListener.NONE);
  }

  /** Every step is on all rows, a round of its own; all parameters are those of the last epoch. */
  private TrainingResult train(
      SparkSession spark,
      Optimizer optimizer,
      int steps,
      Averaging averaging,
      List<Row> rows,
      TrainingListener other) {
    rounds.clear();
    TrainingListener log =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            rounds.add(report);
          }
        };
    TrainingOptions options = Table.options(steps, rows.size(), averaging);
    TrainingJob any = Table.job(Table.DATA, RATE, options);
    TrainingJob job =
        new TrainingJob(
            any.name(), any.data(), any.layers(), any.objectives(), optimizer, options, 0);
    Dataset<Row> data = Table.of(spark, rows);
    result =
        new Trainer(job, TrainingListener.all(List.of(log, other)), new PhaseClock())
            .train(data, data);
    return result;
  }

  private static Optimizer adam() {
    return new Optimizer.Adam(RATE, 0.9, 0.999, 1e-7);
  }

  private static Averaging kept(int replicas, DeltaCodec codec, boolean feedback) {
    return new Averaging(
        replicas,
        new LocalSteps.Fixed(1),
        OuterOptimizer.PLAIN,
        OptimizerState.KEPT,
        codec,
        feedback);
  }
}
