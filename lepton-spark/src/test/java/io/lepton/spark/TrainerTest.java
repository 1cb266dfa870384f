package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.TensorLease;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.ExecutorMemory;
import io.lepton.spark.ingest.ShardStorage;
import io.lepton.tf.Variable;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
  private SparkSession spark;

  @TempDir private Path directory;

  @BeforeEach
  void start() {
    spark = Cluster.local();
  }

  static Stream<DataSpec> withAndWithoutWeights() {
    return Stream.of(Table.DATA, Table.WEIGHTED);
  }

  @ParameterizedTest
  @MethodSource("withAndWithoutWeights")
  void averagingAfterEachStepEqualsStepsOnTheJoinedBatch(DataSpec data) {
    Dataset<Row> rows = Table.of(spark, Table.rows(64, 1, 1));

    TrainingResult joined = train(Table.job(data, 0.3, Table.options(3, 64, 1, 1)), rows);
    TrainingResult two = train(Table.job(data, 0.3, Table.options(3, 64, 2, 1)), rows);
    TrainingResult five = train(Table.job(data, 0.3, Table.options(3, 64, 5, 1)), rows);

    assertThat(Table.weights(two)).containsExactly(Table.weights(joined), offset(1e-6f));
    assertThat(Table.weights(five)).containsExactly(Table.weights(joined), offset(1e-6f));
    assertThat(two.rounds()).isEqualTo(3);
    assertThat(two.examples()).isEqualTo(3 * 64);
  }

  @Test
  void oneStepGoesDownTheGradient() {
    List<Row> rows = Table.rows(50, 2, 1);
    Dataset<Row> data = Table.of(spark, rows);
    TrainingJob job = Table.job(Table.WEIGHTED, 0.2, Table.options(1, 50, 2, 1));

    TrainingResult result = train(job, data);

    double[] expected = new double[4];
    double total = rows.stream().mapToDouble(row -> row.getFloat(4)).sum();
    FloatBuffer start = result.compiled().initialParameters().floats();
    Variable kernel = variable(result, "kernel");
    Variable bias = variable(result, "bias");
    for (int i = 0; i < 3; i++) {
      expected[i] = start.get((int) kernel.offset() + i);
    }
    expected[3] = start.get((int) bias.offset());
    double[] gradient = gradient(rows, expected, total);
    for (int i = 0; i < 4; i++) {
      expected[i] -= 0.2 * gradient[i];
    }
    for (int i = 0; i < 3; i++) {
      assertThat((double) result.parameters().get(kernel.offset() + i))
          .isEqualTo(expected[i], offset(1e-6));
    }
    assertThat((double) result.parameters().get(bias.offset()))
        .isEqualTo(expected[3], offset(1e-6));
  }

  private static double[] gradient(List<Row> rows, double[] at, double total) {
    double[] gradient = new double[4];
    for (Row row : rows) {
      double error = at[3] - row.getFloat(3);
      for (int i = 0; i < 3; i++) {
        error += at[i] * row.getFloat(i);
      }
      double scale = 2 * error * row.getFloat(4) / total;
      for (int i = 0; i < 3; i++) {
        gradient[i] += scale * row.getFloat(i);
      }
      gradient[3] += scale;
    }
    return gradient;
  }

  private static Variable variable(TrainingResult result, String name) {
    return result.compiled().program().variables().stream()
        .filter(variable -> variable.name().endsWith(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void epochsCopyNoBytesAndNothingIsLeft() {
    int leases = TensorLease.outstanding();
    TrainingOptions options =
        new TrainingOptions(7, 3, 16, 2, 2, null, new ShardStorage(directory.toString(), 0));
    Dataset<Row> training = Table.of(spark, Table.rows(200, 1, 1));
    Dataset<Row> validation = Table.of(spark, Table.rows(100, 2, 1));

    TrainingResult result =
        Table.train(Table.job(Table.WEIGHTED, 0.1, options), training, validation);

    assertThat(result.epochs()).hasSize(3).allMatch(epoch -> epoch.bytesCopied() == 0);
    long bytes = 300 * 5 * Float.BYTES;
    assertThat(result.bytesCopied())
        .containsEntry(CopyLedger.Reason.DECODE, bytes)
        .containsEntry(CopyLedger.Reason.WRITE, bytes);
    assertNothingIsLeft(leases);
  }

  @Test
  void aFailedTrainingLeavesNothing() {
    int leases = TensorLease.outstanding();
    TrainingOptions options =
        new TrainingOptions(7, 20, 16, 2, 2, null, new ShardStorage(directory.toString(), 0));
    Dataset<Row> data = Table.of(spark, Table.rows(200, 1, 1));

    assertThatThrownBy(() -> train(Table.job(Table.DATA, 1e9, options), data))
        .isInstanceOf(DivergenceException.class)
        .hasMessageMatching(
            "the loss must stay finite, but replica [01] had (NaN|Infinity) in epoch [1-9] between"
                + " steps \\d+ and \\d+; lower the learning rate, which was 1\\.0E9");

    assertNothingIsLeft(leases);
  }

  private void assertNothingIsLeft(int leases) {
    Duration time = Duration.ofSeconds(10);
    Deadline.await(time, "shards unmapped", () -> ExecutorMemory.SHARDS.getAllocatedMemory() == 0);
    Deadline.await(time, "chunks freed", () -> ExecutorMemory.INGEST.getAllocatedMemory() == 0);
    Deadline.await(time, "plans freed", () -> ExecutorMemory.STEPS.getAllocatedMemory() == 0);
    Deadline.await(time, "leases returned", () -> TensorLease.outstanding() == leases);
    assertThat(ShardFiles.below(directory)).isEmpty();
  }

  @Test
  void aRunThatDivergesInItsVeryLastStepIsNoResult() {
    Dataset<Row> data = Table.of(spark, Table.rows(8, 1, 1000));
    TrainingJob job = Table.job(Table.DATA, 1e38, Table.options(1, 8, 1, 1));

    assertThatThrownBy(() -> train(job, data))
        .isInstanceOf(DivergenceException.class)
        .hasMessageStartingWith("the loss must stay finite, but replica 0 had ")
        .hasMessageContaining(" in epoch 1 between steps 0 and 1; lower the learning rate");
  }

  @Test
  void aValidationLossThatOverflowsIsNoResult() {
    Dataset<Row> data = Table.of(spark, Table.rows(64, 1, 1));
    TrainingJob job = Table.job(Table.DATA, 1e38, Table.options(1, 64, 1, 1));

    assertThatThrownBy(() -> train(job, data))
        .isInstanceOf(DivergenceException.class)
        .hasMessage(
            "the validation loss must stay finite, but was Infinity after epoch 1; lower the"
                + " learning rate, which was 1.0E38");
  }

  @Test
  void anUnknownMetricToStopByIsRefusedBeforeAnyWork() {
    TrainingOptions options =
        new TrainingOptions(7, 1, 16, 2, 2, new TrainingOptions.EarlyStopping("auc", 3), null);
    Dataset<Row> data = Table.of(spark, Table.rows(8, 1, 1));

    assertThatThrownBy(() -> train(Table.job(Table.DATA, 0.01, options), data))
        .hasMessage("the metric to stop by must be one of loss, mae, mse, rmse, r2, but was: auc");
  }

  @Test
  void earlyStoppingRestoresTheBestEpoch() {
    Dataset<Row> training = Table.of(spark, Table.rows(64, 1, 3));
    Dataset<Row> validation = Table.of(spark, Table.rows(64, 2, 1));
    TrainingOptions stopping =
        new TrainingOptions(7, 100, 16, 2, 2, new TrainingOptions.EarlyStopping("mae", 3), null);

    TrainingResult stopped =
        Table.train(Table.job(Table.DATA, 0.02, stopping), training, validation);
    TrainingResult upToTheBest =
        Table.train(
            Table.job(Table.DATA, 0.02, Table.options(stopped.best(), 16, 2, 2)),
            training,
            validation);

    List<Double> errors = new ArrayList<>();
    stopped.epochs().forEach(epoch -> errors.add(epoch.metrics().get("mae")));
    assertThat(stopped.best())
        .isEqualTo(1 + errors.indexOf(errors.stream().min(Comparator.naturalOrder()).orElseThrow()))
        .isBetween(2, 96);
    assertThat(stopped.epochs()).hasSize(stopped.best() + 3);
    assertThat(stopped.parametersSha256()).isEqualTo(upToTheBest.parametersSha256());
    assertThat(upToTheBest.best()).isEqualTo(stopped.best());
  }

  @Test
  void fewerRowsThanReplicasAreLegal() {
    Dataset<Row> data = Table.of(spark, Table.rows(3, 1, 1));

    TrainingResult result = train(Table.job(Table.DATA, 0.1, Table.options(2, 4, 5, 1)), data);

    assertThat(result.trainingRows()).isEqualTo(3);
    assertThat(result.examples()).isEqualTo(6);
    assertThat(result.bestEpoch().loss()).isFinite();
  }

  @Test
  void anEmptyTrainingSetIsRefused() {
    Dataset<Row> none = Table.of(spark, List.of());
    Dataset<Row> some = Table.of(spark, Table.rows(3, 1, 1));
    TrainingJob job = Table.job(Table.DATA, 0.1, Table.options(1, 4, 2, 1));

    assertThatThrownBy(() -> Table.train(job, none, some))
        .isInstanceOf(DataException.class)
        .hasMessage("the training set must have rows, but has none");
    assertThatThrownBy(() -> Table.train(job, some, none))
        .isInstanceOf(DataException.class)
        .hasMessage("the validation set must have rows, but has none");
  }

  @Test
  void rowsOfWeightZeroChangeNothing() {
    List<Row> rows = Table.rows(40, 1, 1);
    List<Row> more = new ArrayList<>(rows);
    for (int i = 0; i < 10; i++) {
      more.add(4 * i, Table.row(new double[] {100, -100, 50}, 1e4, 0));
    }
    TrainingJob job = Table.job(Table.WEIGHTED, 0.3, Table.options(4, 50, 2, 1));

    TrainingResult without = train(job, Table.of(spark, rows));
    TrainingResult with = train(job, Table.of(spark, more));

    assertThat(Table.weights(with)).containsExactly(Table.weights(without), offset(1e-6f));
    assertThat(with.bestEpoch().loss()).isEqualTo(without.bestEpoch().loss(), offset(1e-6));
    assertThat(with.examples()).isEqualTo(without.examples() + 40);
  }

  @Test
  void aRowOfWeightThreeCountsAsThreeRows() {
    List<Row> rows = Table.rows(40, 1, 1);
    List<Row> repeated = new ArrayList<>();
    rows.forEach(
        row -> {
          for (int i = 0; i < row.getFloat(4); i++) {
            repeated.add(row);
          }
        });
    TrainingOptions options = Table.options(4, 200, 2, 1);

    TrainingResult weighted = train(Table.job(Table.WEIGHTED, 0.3, options), Table.of(spark, rows));
    TrainingResult counted = train(Table.job(Table.DATA, 0.3, options), Table.of(spark, repeated));

    assertThat(Table.weights(weighted)).containsExactly(Table.weights(counted), offset(1e-6f));
    assertThat(weighted.bestEpoch().loss()).isEqualTo(counted.bestEpoch().loss(), offset(1e-6));
  }

  @Test
  void aShareOfTheRowsIsHeldOutToValidate() {
    Dataset<Row> data = Table.of(spark, Table.rows(1000, 1, 1));
    TrainingJob whole = Table.job(Table.DATA, 0.1, Table.options(2, 32, 2, 4));
    TrainingJob job =
        new TrainingJob(
            whole.name(),
            whole.data(),
            whole.layers(),
            whole.objectives(),
            whole.optimizer(),
            whole.options(),
            0.2);

    TrainingResult result = new Trainer(job, TrainingListener.NONE, new PhaseClock()).train(data);

    assertThat(result.trainingRows() + result.validationRows()).isEqualTo(1000);
    assertThat(result.validationRows()).isBetween(140L, 260L);
    assertThat(result.examples()).isEqualTo(2 * result.trainingRows());
  }

  private static TrainingResult train(TrainingJob job, Dataset<Row> data) {
    return Table.train(job, data, data);
  }
}
