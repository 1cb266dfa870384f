package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.exchange.Tasks;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trainings whose replicas start from a shadow of the parameters. */
class CodedWayDownTest {
  private static final double RATE = 0.1;
  private static final List<Row> ROWS = Table.rows(60, 1, 1);
  private static final List<Node> LINE = Node.chain(new Layer.Dense(1, Activation.LINEAR, true));
  private static final List<Node> WIDE =
      Node.chain(
          new Layer.Dense(600, Activation.TANH, true), new Layer.Dense(1, Activation.LINEAR, true));

  private final List<RoundReport> rounds = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    Deadline.await(Duration.ofSeconds(10), "blocks removed", () -> Tasks.blocks() == 0);
  }

  /** The gradient is taken where the replicas are, at the shadow; what it moves are parameters. */
  @Test
  void whatReplicasFindAtTheShadowMovesTheParameters() {
    TrainingResult coded = train(Cluster.local(), LINE, 0, 6, DeltaCodec.INT4);
    TrainingResult exact = train(Cluster.local(), LINE, 0, 6, DeltaCodec.FLOAT32);

    double[] parameters = Lines.start(coded);
    double[] shadow = parameters.clone();
    for (int round = 0; round < 6; round++) {
      double largest =
          IntStream.range(0, 4)
              .mapToDouble(i -> Math.abs(parameters[i] - shadow[i]))
              .max()
              .orElseThrow();
      double scale = largest / 7;
      for (int i = 0; i < 4 && scale > 0; i++) {
        shadow[i] += scale * Math.rint((parameters[i] - shadow[i]) / scale);
      }
      double[] gradient = Lines.gradient(ROWS, shadow);
      for (int i = 0; i < 4; i++) {
        parameters[i] -= RATE * gradient[i];
      }
    }
    Lines.assertClose(coded, parameters);
    assertThat(Table.weights(exact)[0]).isNotCloseTo((float) parameters[0], within(2e-5f));
  }

  @Test
  void int8MovesAQuarterOfTheBytesOnceProcessesHaveTheParameters() {
    TrainingResult result = train(Cluster.local(), WIDE, 0, 4, DeltaCodec.INT8);

    long whole = 4 * result.compiled().program().vectorSize();
    assertThat(rounds).hasSize(4);
    assertThat(rounds.get(0).bytesDown()).isEqualTo(whole);
    assertThat(rounds.subList(1, 4))
        .allMatch(round -> round.bytesDown() > whole / 8 && round.bytesDown() < 0.27 * whole);
    assertThat(result.bytesSentPerRound())
        .isEqualTo(rounds.stream().mapToLong(RoundReport::bytesSent).sum() / 4);
  }

  @Test
  void processesThatComeAndGoChangeNoBit() {
    String undisturbed = train(Cluster.local(), WIDE, 0.9, 8, DeltaCodec.INT8).parametersSha256();

    SparkSession processes = Cluster.processes();
    String two = train(processes, WIDE, 0.9, 8, DeltaCodec.INT8).parametersSha256();
    TrainingListener killer =
        new Log() {
          @Override
          public void round(RoundReport report) {
            super.round(report);
            if (report.round() == 3) {
              JavaSparkContext java = JavaSparkContext.fromSparkContext(processes.sparkContext());
              Tasks.executors().stream()
                  .map(executor -> Tasks.pid(java, executor))
                  .toList()
                  .forEach(pid -> Tasks.signal(pid, "-KILL"));
            }
          }
        };
    TrainingResult disturbed = train(processes, job(WIDE, 0.9, 8, DeltaCodec.INT8), killer);

    assertThat(two).isEqualTo(undisturbed);
    assertThat(disturbed.parametersSha256()).isEqualTo(undisturbed);
    long whole = 4 * disturbed.compiled().program().vectorSize();
    assertThat(rounds.get(3).bytesDown())
        .isPositive()
        .isEqualTo(rounds.get(3).bytesDown() / whole * whole);
  }

  private TrainingResult train(
      SparkSession spark, List<Node> layers, double momentum, int steps, DeltaCodec codec) {
    return train(spark, job(layers, momentum, steps, codec), new Log());
  }

  private TrainingResult train(SparkSession spark, TrainingJob job, TrainingListener listener) {
    rounds.clear();
    Dataset<Row> data = Table.of(spark, ROWS);
    return new Trainer(job, listener, new PhaseClock()).train(data, data);
  }

  /** Every step is on all rows, a round of its own, of three replicas. */
  private static TrainingJob job(List<Node> layers, double momentum, int steps, DeltaCodec codec) {
    TrainingOptions options =
        Table.options(steps, ROWS.size(), Averaging.plain(3, 1).withDownCodec(codec));
    TrainingJob any = Table.job(Table.DATA, RATE, options);
    return new TrainingJob(
        any.name(),
        any.data(),
        layers,
        any.objectives(),
        new Optimizer.Sgd(RATE, momentum),
        options,
        0);
  }

  private class Log implements TrainingListener {
    @Override
    public void round(RoundReport report) {
      rounds.add(report);
    }
  }
}
