package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.Averaging.OptimizerState;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.tf.model.Optimizer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What averages of rounds come to, against arithmetic on the rows. */
class AveragedRoundsTest {
  private static final double RATE = 0.1;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-7;

  @Test
  void eightReplicasAveragedEachStepAreOneOnTheJoinedBatchWithTheirMomentumToo() {
    List<Row> rows = Table.rows(64, 1, 1);
    Optimizer momentum = new Optimizer.Sgd(RATE, 0.9);

    TrainingResult joined = train(momentum, 6, plain(1), rows);
    TrainingResult eight = train(momentum, 6, plain(8), rows);

    assertThat(Table.weights(eight)).containsExactly(Table.weights(joined), offset(1e-6f));
    assertThat(eight.rounds()).isEqualTo(6);
    assertThat(eight.examples()).isEqualTo(6 * 64);
  }

  @Test
  void stateThatIsResetMakesEachStepAdamsFirst() {
    List<Row> rows = Table.rows(40, 2, 1);
    Optimizer adam = new Optimizer.Adam(RATE, BETA1, BETA2, EPSILON);

    TrainingResult reset =
        train(adam, 5, averaging(1, OptimizerState.RESET, DeltaCodec.FLOAT32, false), rows);

    double[] expected = Lines.start(reset);
    for (int round = 0; round < 5; round++) {
      double[] gradient = Lines.gradient(rows, expected);
      for (int i = 0; i < 4; i++) {
        double root = Math.sqrt(1 - BETA2);
        expected[i] -= RATE * root * gradient[i] / (root * Math.abs(gradient[i]) + EPSILON);
      }
    }
    Lines.assertClose(reset, expected);
  }

  @Test
  void stateThatIsAveragedGoesOnAsAdamDoes() {
    List<Row> rows = Table.rows(40, 2, 1);
    Optimizer adam = new Optimizer.Adam(RATE, BETA1, BETA2, EPSILON);

    TrainingResult averaged = train(adam, 5, plain(1), rows);

    double[] expected = Lines.start(averaged);
    double[] m = new double[4];
    double[] v = new double[4];
    for (int step = 1; step <= 5; step++) {
      double[] gradient = Lines.gradient(rows, expected);
      double rate = RATE * Math.sqrt(1 - Math.pow(BETA2, step)) / (1 - Math.pow(BETA1, step));
      for (int i = 0; i < 4; i++) {
        m[i] = BETA1 * m[i] + (1 - BETA1) * gradient[i];
        v[i] = BETA2 * v[i] + (1 - BETA2) * gradient[i] * gradient[i];
        expected[i] -= rate * m[i] / (Math.sqrt(v[i]) + EPSILON);
      }
    }
    Lines.assertClose(averaged, expected);
  }

  @Test
  void withFeedbackInt8EndsWhereFloat32DoesAndWithoutItDoesNot() {
    assertThat(distance(DeltaCodec.FLOAT32, false)).isLessThan(1e-4);
    assertThat(distance(DeltaCodec.INT8, true)).isLessThan(0.05);
    assertThat(distance(DeltaCodec.INT8, false)).isGreaterThan(0.5);
  }

  /**
   * How far eight replicas end from the least of the mean of their losses {@code (w − centre)²}.
   * Their first centres lie 200 apart, so that beside them int8 rounds all deltas of the second
   * weight to 0: half its scale is 1/254, more than 0.005 times a distance of 0.78.
   */
  private static double distance(DeltaCodec codec, boolean feedback) {
    DeltaForm form = new DeltaForm(codec, feedback, 2);
    List<FlatVector> residuals = Stream.generate(() -> FlatVector.allocate(2)).limit(8).toList();
    double[] weights = {0, 0};
    for (int round = 0; round < 2000; round++) {
      double[] mean = new double[2];
      for (int replica = 0; replica < 8; replica++) {
        FlatVector delta = FlatVector.allocate(2);
        delta.set(0, (float) (0.01 * ((replica % 2 == 0 ? 100 : -100) - weights[0])));
        delta.set(1, (float) (0.005 * (1 - weights[1])));
        FlatVector residual = form.feedback() ? residuals.get(replica) : null;
        codec.decode(
            form.encode(delta, residual).get(0),
            2,
            (at, values, count) -> {
              mean[0] += values[0] / 8;
              mean[1] += values[1] / 8;
            });
      }
      weights[0] += mean[0];
      weights[1] += mean[1];
    }
    return Math.hypot(weights[0], weights[1] - 1);
  }

  private static Averaging plain(int replicas) {
    return Averaging.plain(replicas, 1);
  }

  private static Averaging averaging(
      int replicas, OptimizerState state, DeltaCodec codec, boolean feedback) {
    return new Averaging(
        replicas, new LocalSteps.Fixed(1), OuterOptimizer.PLAIN, state, codec, feedback);
  }

  /** Every step is on all rows, a round of its own. */
  private static TrainingResult train(
      Optimizer optimizer, int steps, Averaging averaging, List<Row> rows) {
    TrainingOptions options = Table.options(steps, rows.size(), averaging);
    TrainingJob any = Table.job(Table.DATA, RATE, options);
    TrainingJob job =
        new TrainingJob(
            any.name(), any.data(), any.layers(), any.objectives(), optimizer, options, 0);
    Dataset<Row> data = Table.of(Cluster.local(), rows);
    return Table.train(job, data, data);
  }
}
