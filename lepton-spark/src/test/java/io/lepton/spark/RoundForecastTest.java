package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.tf.model.ModelCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class RoundForecastTest {
  private static final RoundCosts COSTS =
      new RoundCosts(0.5, 0.25, 1000, 2e-3, 1e-3, 3e-3, 0.125, 1);

  @Test
  void aRoundIsTheSumOfWhatFollowsOneAfterTheOther() {
    RoundForecast round = forecast(8, DeltaCodec.FLOAT32, false);

    assertThat(round.bytesDown()).isEqualTo(2 * 1000 * 4);
    assertThat(round.bytesUp()).isEqualTo(8 * 400 * 4);
    assertThat(round.computeSeconds()).isEqualTo(2 * 16 * 0.125);
    assertThat(round.syncSeconds())
        .isEqualTo(0.5 + 8 * 0.25 + 8 + 2 * 1000 * 2e-3 + 12.8 + 1000 * 3e-3, offset(1e-9));
    assertThat(round.syncShare()).isEqualTo(round.syncSeconds() / round.seconds(), offset(1e-12));
  }

  @Test
  void aFoldThatIsSlowerThanTheLinkTakesItsOwnTime() {
    RoundForecast coded = forecast(8, DeltaCodec.INT8, true);

    assertThat(coded.bytesUp()).isEqualTo(8 * (2 * 4 + 400));
    assertThat(coded.syncSeconds())
        .isEqualTo(0.5 + 8 * 0.25 + 8 + 2 * 1000 * 2e-3 + 8 * 400 * 1e-3 + 3, offset(0.07));
  }

  @Test
  void moreReplicasThanTheWidthAreFoldedOnExecutorsFirst() {
    RoundForecast round = forecast(64, DeltaCodec.FLOAT32, false);

    assertThat(round.foldLevels()).isEqualTo(1);
    assertThat(round.bytesUp()).isEqualTo(64 * 1600);
    assertThat(round.driverBytesUp()).isEqualTo(4 * 1600);
    double executors = 0.5 + 4 * 0.25 + 2 * 16 * 1.6;
    assertThat(round.syncSeconds())
        .isEqualTo(
            0.5 + 64 * 0.25 + 8 + 16 * 1000 * 2e-3 + executors + 4 * 1.6 + 1000 * 3e-3,
            offset(1e-9));
    assertThat(forecast(16, DeltaCodec.FLOAT32, false).foldLevels()).isZero();
    assertThat(round.at(4096, 1000).foldLevels()).isEqualTo(2);
    assertThat(round.at(4096, 1000).driverBytesUp()).isEqualTo(16 * 1600);
  }

  @Test
  void meansOfCodedDeltasAreNotCoded() {
    assertThat(forecast(64, DeltaCodec.INT8, true).driverBytesUp()).isEqualTo(4 * 1600);
    assertThat(forecast(16, DeltaCodec.INT8, true).driverBytesUp()).isEqualTo(16 * 408);
  }

  @Test
  void anExecutorThatFoldsHoldsItsMeansAndWhatOneFoldTakes() {
    long without = (1 + 2 + 2 * 2) * 4000 + 32 * 1600;

    assertThat(forecast(64, DeltaCodec.FLOAT32, false).executorBytes())
        .isEqualTo(without + 2 * 1600 + 2 * 6 * 1600);
  }

  @Test
  void manyExecutorsTakeParametersFromEachOther() {
    RoundShape shape =
        new RoundShape(
            64,
            64,
            64,
            100_000_000,
            100_000_000,
            DeltaCodec.FLOAT32,
            false,
            DeltaCodec.FLOAT32,
            0,
            0,
            false,
            1,
            16);
    RoundForecast round = new RoundForecast(shape, COSTS);

    assertThat(round.bytesDown()).isEqualTo(64 * 400_000_000L);
    assertThat(round.driverBytesDown()).isEqualTo(400_000_000 + 64 * (16L << 20));
  }

  @Test
  void theDriverHoldsNoMoreForMoreReplicas() {
    RoundForecast two = forecast(2, DeltaCodec.FLOAT32, false);

    assertThat(two.at(4096, 1000).driverBytes()).isEqualTo(two.driverBytes());
  }

  @Test
  void aCheckpointInWorkAndOneThatWaitsHoldWhatRoundsHaveReplaced() {
    assertThat(forecast(8, DeltaCodec.FLOAT32, false).checkpointBytes()).isEqualTo(2 * 4000);
    assertThat(forecast(8, DeltaCodec.INT8, true, DeltaCodec.INT8).checkpointBytes())
        .isEqualTo(2 * 2 * 4000 + 400 * 4);
  }

  @Test
  void moreReplicasHaveCoresOfTheirOwn() {
    RoundForecast more = forecast(8, DeltaCodec.FLOAT32, false).at(63, 2000);

    assertThat(more.shape().executors()).isEqualTo(32);
    assertThat(more.computeSeconds()).isEqualTo(16 * 0.125);
    assertThat(more.bytesDown()).isEqualTo(32 * 4000);
    assertThat(more.costs().bytesPerSecond()).isEqualTo(2000);
  }

  @Test
  void anExecutorKeepsTwoResidualsOfEachOfItsReplicasAsLongAsTheirDeltas() {
    long without = forecast(8, DeltaCodec.INT8, false).executorBytes();

    assertThat(forecast(8, DeltaCodec.INT8, true).executorBytes())
        .isEqualTo(without + 4 * 2 * 1600);
    assertThat(without).isEqualTo((1 + 2 + 2 * 2) * 4000 + 4 * 408);
  }

  @Test
  void aCodedWayDownCostsAShadowTwiceOnTheDriverAndOnceMoreInAnExecutor() {
    RoundForecast whole = forecast(8, DeltaCodec.FLOAT32, false);
    RoundForecast coded = forecast(8, DeltaCodec.FLOAT32, false, DeltaCodec.INT8);

    assertThat(whole.bytesDown()).isEqualTo(2 * 4000);
    assertThat(coded.bytesDown()).isEqualTo(2 * 408);
    assertThat(coded.driverBytes()).isEqualTo(whole.driverBytes() + 2 * 4000);
    assertThat(coded.executorBytes()).isEqualTo(whole.executorBytes() + 4000);
  }

  @Test
  void aVectorLargerThanAnyOfTodayIsForecastToo() {
    RoundShape shape =
        new RoundShape(
            4096,
            4096,
            4096,
            30_000_000_000L,
            10_000_000_000L,
            DeltaCodec.INT4,
            true,
            DeltaCodec.FLOAT32,
            30_000_000_000L,
            1,
            true,
            500,
            16);

    assertThat(new RoundForecast(shape, COSTS).bytesUp())
        .isEqualTo(4096 * (10_000_000_000L / 64 * 4 + 5_000_000_000L));
  }

  @Test
  void fewerCoresThanExecutorsAreRefused() {
    assertThatThrownBy(
            () ->
                new RoundShape(
                    2,
                    4,
                    2,
                    10,
                    10,
                    DeltaCodec.FLOAT32,
                    false,
                    DeltaCodec.FLOAT32,
                    0,
                    0,
                    false,
                    1,
                    16))
        .hasMessage(
            "replicas and executors must be positive, and cores at least as many as executors, but"
                + " were: 2, 4 and 2");
  }

  @Test
  void aPlansBytesAndRoundsAreThoseOfTheTraining() {
    SparkSession spark = Cluster.local();
    Averaging averaging =
        new Averaging(
            3,
            new LocalSteps.Fixed(4),
            OuterOptimizer.PLAIN,
            Averaging.OptimizerState.RESET,
            DeltaCodec.INT8,
            true);
    TrainingOptions options = Table.options(2, 8, averaging);
    TrainingJob job = Table.job(Table.DATA, 0.1, options);
    Dataset<Row> rows = Table.of(spark, Table.rows(300, 1, 1));
    List<RoundReport> rounds = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void round(RoundReport report) {
            rounds.add(report);
          }
        };

    TrainingPlan plan =
        TrainingPlan.of(
            job,
            ModelCompiler.compile(Trainer.model(job, rows.schema()), 7),
            300,
            ClusterSize.of(spark.sparkContext()),
            1e-3,
            Optional.empty());
    new Trainer(job, listener, new PhaseClock()).train(rows, rows);

    assertThat(plan.rounds()).isEqualTo(rounds.size());
    assertThat(rounds)
        .allSatisfy(
            round -> {
              assertThat(round.bytesDown()).isEqualTo(plan.round().bytesDown());
              assertThat(round.bytesUp()).isEqualTo(plan.round().bytesUp());
            });
    assertThat(plan.seconds())
        .isGreaterThan(plan.rounds() * plan.round().syncSeconds())
        .isLessThan(plan.rounds() * plan.round().seconds() + 1e-9);
  }

  private static RoundForecast forecast(int replicas, DeltaCodec codec, boolean feedback) {
    return forecast(replicas, codec, feedback, DeltaCodec.FLOAT32);
  }

  private static RoundForecast forecast(
      int replicas, DeltaCodec codec, boolean feedback, DeltaCodec down) {
    return new RoundForecast(
        new RoundShape(
            replicas, 2, 4, 1000, 400, codec, feedback, down, feedback ? 400 : 0, 0, false, 16, 16),
        COSTS);
  }
}
