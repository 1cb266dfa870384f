package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.exchange.Tasks;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings of nine replicas, of which no more than two are folded at once: on four levels. */
class ManyReplicasTest {
  private static final int REPLICAS = 9;
  private static final List<Row> ROWS = Table.rows(90, 1, 1);

  private final List<RoundReport> rounds = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    Deadline.await(Duration.ofSeconds(10), "blocks removed", () -> Tasks.blocks() == 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "INT8"})
  void anyNumberOfExecutorsGivesTheSameBitsAndSoDoExecutorsThatDie(DeltaCodec codec) {
    String one = train(Cluster.on("local[1]", Map.of()), 2, codec).parametersSha256();
    String two = train(Cluster.local(), 2, codec).parametersSha256();
    SparkSession processes = Cluster.processes();
    String apart = train(processes, 2, codec).parametersSha256();
    TrainingListener killer =
        new Log() {
          @Override
          public void round(RoundReport report) {
            super.round(report);
            if (report.round() == 2) {
              JavaSparkContext java = JavaSparkContext.fromSparkContext(processes.sparkContext());
              Tasks.signal(Tasks.pid(java, Tasks.executors().get(0)), "-KILL");
            }
          }
        };
    String disturbed = train(processes, 2, codec, killer).parametersSha256();

    assertThat(List.of(two, apart, disturbed)).containsOnly(one);
    assertThat(train(Cluster.local(), REPLICAS, codec).parametersSha256()).isNotEqualTo(one);
  }

  @Test
  void theDriverGetsTwoMeansInsteadOfNineDeltas() {
    long vector =
        4 * train(Cluster.local(), 2, DeltaCodec.FLOAT32).compiled().program().vectorSize();

    assertThat(rounds)
        .hasSize(4)
        .allSatisfy(
            round -> {
              assertThat(round.bytesUp()).isEqualTo(REPLICAS * vector);
              assertThat(round.traffic().driverUp()).isEqualTo(2 * vector);
              assertThat(round.parts().treeSeconds())
                  .isPositive()
                  .isLessThan(round.parts().foldSeconds() - round.parts().moveSeconds());
            });

    train(Cluster.local(), REPLICAS, DeltaCodec.FLOAT32);
    assertThat(rounds)
        .allSatisfy(
            round -> {
              assertThat(round.traffic().driverUp()).isEqualTo(round.bytesUp());
              assertThat(round.parts().treeSeconds()).isZero();
            });
  }

  @Test
  void howRoundsMovedIsToldAsIfAllWereFoldedAtOnce() {
    train(Cluster.local(), 2, DeltaCodec.FLOAT32);
    List<RoundReport> tree = List.copyOf(rounds);
    train(Cluster.local(), REPLICAS, DeltaCodec.FLOAT32);

    for (int round = 0; round < 4; round++) {
      assertThat(tree.get(round).averages().movement().norm())
          .isCloseTo(rounds.get(round).averages().movement().norm(), within(1e-6));
      assertThat(tree.get(round).averages().movement().disagreement())
          .isCloseTo(rounds.get(round).averages().movement().disagreement(), within(1e-4));
      assertThat(tree.get(round).averages().movement().cosine())
          .isCloseTo(rounds.get(round).averages().movement().cosine(), within(1e-4));
    }
    assertThat(tree.get(1).averages().movement().disagreement()).isPositive();
  }

  private TrainingResult train(SparkSession spark, int foldWidth, DeltaCodec codec) {
    return train(spark, foldWidth, codec, new Log());
  }

  private TrainingResult train(
      SparkSession spark, int foldWidth, DeltaCodec codec, TrainingListener listener) {
    rounds.clear();
    Dataset<Row> data = Table.of(spark, ROWS);
    Averaging averaging =
        new Averaging(
                REPLICAS,
                new LocalSteps.Fixed(1),
                OuterOptimizer.PLAIN,
                Averaging.OptimizerState.AVERAGED,
                codec,
                false)
            .withFoldWidth(foldWidth);
    TrainingOptions options = Table.options(2, 5, averaging);
    TrainingJob any = Table.job(Table.DATA, 0.1, options);
    TrainingJob job =
        new TrainingJob(
            any.name(),
            any.data(),
            Node.chain(
                new Layer.Dense(300, Activation.TANH, true),
                new Layer.Dense(1, Activation.LINEAR, true)),
            any.objectives(),
            new Optimizer.Sgd(0.1, 0.9),
            options,
            0);
    return new Trainer(job, listener, new PhaseClock()).train(data, data);
  }

  private class Log implements TrainingListener {
    @Override
    public void round(RoundReport report) {
      rounds.add(report);
    }
  }
}
