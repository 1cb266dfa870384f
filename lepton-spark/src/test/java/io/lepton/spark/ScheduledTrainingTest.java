package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.RateScale;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.Variable;
import io.lepton.tf.model.Clipping;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.UpdateOptions;
import io.lepton.tf.schedule.Schedule;
import io.lepton.tf.schedule.Span;
import io.lepton.tf.schedule.Span.Unit;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rates of the driver's steps and averages of its rounds. */
class ScheduledTrainingTest {
  private static final double RATE = 0.1;
  private static final int EPOCHS = 4;
  private static final List<Row> ROWS = Table.rows(40, 2, 1);
  private static final Schedule HALVING = new Schedule.Exponential(0.5, new Span(1, Unit.STEPS));

  @Test
  void theRateIsAFunctionOfTheStepOverAllRoundsAndEpochs() {
    double[][] path = path(true);
    TrainingResult result = train(Cluster.local(), options(HALVING, Optional.empty()));

    assertThat(result.best()).isEqualTo(EPOCHS);
    assertClose(result, path[EPOCHS]);
  }

  @Test
  void theAverageOfWeightsIsEvaluatedAndKept() {
    double[][] path = path(false);
    double[] expected = new double[4];
    double left = 1;
    for (int step = 1; step <= EPOCHS; step++) {
      left *= 0.4;
      for (int i = 0; i < 4; i++) {
        expected[i] = 0.4 * expected[i] + 0.6 * path[step][i];
      }
    }
    for (int i = 0; i < 4; i++) {
      expected[i] /= 1 - left;
    }

    TrainingResult result =
        train(Cluster.local(), options(new Schedule.Constant(), Optional.of(new Ema(0.4, true))));

    assertThat(result.best()).isEqualTo(EPOCHS);
    assertClose(result, expected);
    assertThat(result.bestEpoch().loss()).isEqualTo(loss(expected), offset(1e-5));
  }

  @Test
  void withoutCorrectionTheAverageStartsAtTheInitialWeights() {
    double[][] path = path(false);
    double[] expected = path[0].clone();
    for (int step = 1; step <= EPOCHS; step++) {
      for (int i = 0; i < 4; i++) {
        expected[i] = 0.4 * expected[i] + 0.6 * path[step][i];
      }
    }

    TrainingResult result =
        train(Cluster.local(), options(new Schedule.Constant(), Optional.of(new Ema(0.4, false))));

    assertClose(result, expected);
  }

  @Test
  void otherClustersGiveTheSameBits() {
    UpdateOptions updates =
        new UpdateOptions(
            new Clipping.ByGlobalNorm(0.5), 3, false, List.of(), Map.of("*/bias", 2.0));
    Schedule schedule =
        new Schedule.WarmUp(new Span(5, Unit.STEPS), new Schedule.Cosine(0, Span.NONE, 1));
    TrainingOptions options =
        new TrainingOptions(
            7,
            2,
            2,
            Averaging.plain(3, 4),
            null,
            null,
            schedule,
            Optional.of(new Ema(0.9, true)),
            PrecisionChoice.FLOAT32,
            List.of(),
            ComputeOptions.DEFAULT);
    TrainingJob job =
        new TrainingJob(
            "table",
            Table.DATA,
            Table.job(Table.DATA, RATE, options).layers(),
            ModelStart.OF_LAYERS,
            Table.job(Table.DATA, RATE, options).objectives(),
            new Optimizer.AdamW(RATE, 0.9, 0.99, 1e-3, 0.1, Optimizer.NOT_DECAYED),
            updates,
            options,
            0);

    String two = train(Cluster.local(), job).parametersSha256();
    String one = train(Cluster.on("local[1]", Map.of()), job).parametersSha256();

    assertThat(one).isEqualTo(two);
  }

  @ParameterizedTest
  @CsvSource({"NONE, 0.1", "SQUARE_ROOT, 0.2", "LINEAR, 0.4"})
  void replicasScaleTheRateAsIfItHadBeenSet(RateScale scale, double rate) {
    TrainingResult scaled = train(Cluster.local(), fourReplicas(RATE, scale));
    TrainingResult set = train(Cluster.local(), fourReplicas(rate, RateScale.NONE));

    assertThat(scaled.parametersSha256()).isEqualTo(set.parametersSha256());
  }

  @Test
  void aPlateauLowersTheRateWheneverPatienceEnds() {
    EpochKnobs knobs =
        new EpochKnobs(options(new Schedule.Plateau(0.1, 2, 0.05), Optional.empty()), "mae");
    boolean[] better = {true, false, true, false, false, false, false};
    double[] factors = {1, 1, 1, 1, 0.1, 0.1, 0.05};

    for (int epoch = 1; epoch <= better.length; epoch++) {
      knobs.after(epoch, better[epoch - 1]);
      assertThat(knobs.rateFactor()).as("after epoch %d", epoch).isEqualTo(factors[epoch - 1]);
    }
  }

  private static TrainingJob fourReplicas(double rate, RateScale scale) {
    TrainingOptions options =
        new TrainingOptions(
            7,
            2,
            5,
            Averaging.plain(4, 1).with(scale),
            null,
            null,
            HALVING,
            Optional.empty(),
            PrecisionChoice.FLOAT32,
            List.of(),
            ComputeOptions.DEFAULT);
    return Table.job(Table.DATA, rate, options);
  }

  private static TrainingOptions options(Schedule schedule, Optional<Ema> ema) {
    return new TrainingOptions(
        7,
        EPOCHS,
        ROWS.size(),
        Averaging.plain(1, 1),
        null,
        null,
        schedule,
        ema,
        PrecisionChoice.FLOAT32,
        List.of(),
        ComputeOptions.DEFAULT);
  }

  private static TrainingResult train(SparkSession spark, TrainingOptions options) {
    return train(spark, Table.job(Table.DATA, RATE, options));
  }

  private static TrainingResult train(SparkSession spark, TrainingJob job) {
    Dataset<Row> data = Table.of(spark, ROWS);
    return Table.train(job, data, data);
  }

  /** Kernel and bias after each step of gradient descent. */
  private static double[][] path(boolean halving) {
    TrainingOptions options = Table.options(1, ROWS.size(), 1, 1);
    TrainingResult any = train(Cluster.local(), Table.job(Table.DATA, RATE, options));
    FloatBuffer start = any.compiled().initialParameters().floats();
    double[][] path = new double[EPOCHS + 1][4];
    int at = 0;
    for (Variable variable : any.compiled().program().variables()) {
      for (int i = 0; i < variable.size(); i++) {
        path[0][at++] = start.get((int) variable.offset() + i);
      }
    }
    for (int step = 0; step < EPOCHS; step++) {
      double rate = halving ? RATE * Math.pow(0.5, step) : RATE;
      path[step + 1] = path[step].clone();
      for (Row row : ROWS) {
        double error = error(path[step], row);
        for (int i = 0; i < 4; i++) {
          path[step + 1][i] -= rate * 2 * error * (i < 3 ? row.getFloat(i) : 1) / ROWS.size();
        }
      }
    }
    return path;
  }

  private static double error(double[] line, Row row) {
    double error = line[3] - row.getFloat(3);
    for (int i = 0; i < 3; i++) {
      error += line[i] * row.getFloat(i);
    }
    return error;
  }

  private static double loss(double[] line) {
    return ROWS.stream().mapToDouble(row -> Math.pow(error(line, row), 2)).average().orElseThrow();
  }

  private static void assertClose(TrainingResult result, double[] expected) {
    float[] weights = Table.weights(result);
    for (int i = 0; i < 4; i++) {
      assertThat((double) weights[i]).isEqualTo(expected[i], offset(1e-5));
    }
  }
}
