package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Movement;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.ModelCompiler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What rounds cost, taken apart, and put together again by a forecast. */
class MeasuredCostsTest {
  private static final ClusterSize TWO = new ClusterSize(2, 2, 1, 2, false, false);
  private static final int STEPS = 5;
  private static final int BATCH = 4;

  private final Dataset<Row> rows = Table.of(Cluster.local(), Table.rows(100, 1, 1));
  private final TrainingOptions options = Table.options(1, BATCH, 4, STEPS);
  private final TrainingJob job = Table.job(Table.DATA, 0.1, options);
  private final TrainingProgram program =
      ModelCompiler.compile(Trainer.model(job, rows.schema()), 7).program();

  @Test
  void aForecastOfTheSameRoundsTakesWhatTheyTook() {
    RoundShape shape = RoundShape.of(options, program, TWO, STEPS);
    MeasuredCosts costs =
        metered(round(3, 9, BATCH), round(3, 9, BATCH), round(3, 2, BATCH), round(3, 2.5, BATCH))
            .costs(options, program, TWO)
            .orElseThrow();

    assertThat(costs.rounds()).isEqualTo(2);
    assertThat(costs.waves()).isEqualTo(2);
    assertThat(costs.fixedSeconds()).isEqualTo(2.25 - (0.02 + 0.1 + 2 * 0.5 + 0.3), offset(1e-12));
    assertThat(costs.stepSeconds()).isEqualTo(0.45 / STEPS, offset(1e-12));
    for (double task : new double[] {0, 0.01}) {
      RoundForecast again = new RoundForecast(shape, costs.costs(task));
      assertThat(again.seconds()).isEqualTo(2.25, offset(1e-9));
      assertThat(again.bytesUp()).isEqualTo(4 * shape.deltaBytes() / 2);
    }
  }

  @Test
  void moreReplicasCostTheirTasksTheirDeltasAndTheirShareOfTheLink() {
    RoundShape shape = RoundShape.of(options, program, TWO, STEPS);
    RoundCosts costs =
        metered(round(1, 2.25, BATCH), round(1, 2.25, BATCH), round(1, 2.25, BATCH))
            .costs(options, program, TWO)
            .orElseThrow()
            .costs(0.01);
    RoundForecast more = new RoundForecast(shape.withReplicas(8), costs);

    double fixed = 2.25 - (0.02 + 0.1 + 2 * 0.5 + 0.3) + 4 * 0.01;
    assertThat(more.seconds())
        .isEqualTo(fixed + 4 * 0.1 + 0.02 + 0.5 + 2 * (0.3 - 0.06) + 0.06, offset(1e-9));
  }

  @Test
  void whatExecutorsFoldIsNoneOfTheDriversFold() {
    TrainingOptions narrow =
        Table.options(1, BATCH, options.averaging().withReplicas(4).withFoldWidth(2));
    MeasuredCosts costs =
        metered(round(1, 3, 0.2), round(1, 3, 0.2), round(1, 3, 0.2))
            .costs(narrow, program, TWO)
            .orElseThrow();

    assertThat(costs.foldSeconds() * 2 * costs.sent()).isEqualTo(0.3 - 0.2 - 0.06, offset(1e-12));
    assertThat(costs.moveSeconds() * costs.vector()).isEqualTo(0.06, offset(1e-12));
    assertThat(costs.fixedSeconds()).isEqualTo(3 - (0.02 + 0.1 + 2 * 0.5 + 0.3), offset(1e-12));
  }

  @Test
  void aBatchOfAnotherSizeIsMeasuredByItself() {
    MeasuredCosts costs =
        metered(
                round(1, 3, BATCH),
                round(1, 3, BATCH),
                round(1, 3, BATCH),
                round(1, 4, 2 * BATCH),
                round(1, 4, 2 * BATCH))
            .costs(options, program, TWO)
            .orElseThrow();

    assertThat(costs.rounds()).isEqualTo(2);
    assertThat(costs.batchSize()).isEqualTo(2 * BATCH);
    assertThat(metered(round(1, 3, BATCH)).costs(options, program, TWO)).isEmpty();
  }

  @Test
  void realRoundsAreMeasuredAndAPlanGoesByThem() {
    CostMeter meter = new CostMeter();
    TrainingOptions two = Table.options(2, BATCH, 2, STEPS);
    TrainingJob small = Table.job(Table.DATA, 0.1, two);
    new Trainer(small, meter, new PhaseClock()).train(rows, rows);
    ClusterSize cluster = ClusterSize.of(Cluster.local().sparkContext());
    MeasuredCosts costs = meter.costs(two, program, cluster).orElseThrow();

    assertThat(costs.rounds()).isEqualTo(2 * 3 - 2);
    assertThat(costs.vector()).isEqualTo(program.vectorSize());
    assertThat(costs.codec()).isEqualTo(DeltaCodec.FLOAT32);
    assertThat(costs.sentShare()).isEqualTo(1);
    assertThat(costs.bytesPerSecond()).isZero();
    assertThat(
            List.of(
                costs.fixedSeconds(),
                costs.publishSeconds(),
                costs.replicaSeconds(),
                costs.foldSeconds(),
                costs.moveSeconds(),
                costs.stepSeconds()))
        .allMatch(seconds -> seconds > 0);

    TrainingPlan plan =
        TrainingPlan.of(
            small,
            ModelCompiler.compile(Trainer.model(small, rows.schema()), 7),
            100,
            cluster,
            1e-4,
            Optional.of(costs));
    assertThat(plan.round().costs()).isEqualTo(costs.costs(1e-4));
  }

  private static CostMeter metered(RoundReport... rounds) {
    CostMeter meter = new CostMeter();
    List.of(rounds).forEach(meter::round);
    return meter;
  }

  /** A round of four replicas in two waves that sent half of what deltas without zeros have. */
  private RoundReport round(int epoch, double seconds, int batchSize) {
    return round(epoch, seconds, batchSize, 0);
  }

  private RoundReport round(int epoch, double seconds, double treeSeconds) {
    return round(epoch, seconds, BATCH, treeSeconds);
  }

  private RoundReport round(int epoch, double seconds, int batchSize, double treeSeconds) {
    RoundShape shape = RoundShape.of(options, program, TWO, STEPS);
    return new RoundReport(
        1,
        1,
        epoch,
        1,
        "mae",
        1,
        1,
        seconds,
        0.12,
        0.5,
        new RoundReport.Traffic(
            2 * shape.vectorBytes(),
            4 * shape.deltaBytes() / 2,
            2 * shape.vectorBytes(),
            4 * shape.deltaBytes() / 2),
        0,
        0,
        new RoundReport.Averages(
            STEPS,
            batchSize,
            0.1,
            Movement.NONE,
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(Map.of()),
            0,
            0),
        new RoundReport.Parts(STEPS, 0.02, 0.1, 0.45, 0.3, treeSeconds, 0.06));
  }
}
