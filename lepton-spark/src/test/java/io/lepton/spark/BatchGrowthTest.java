package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.tuple;

import io.lepton.spark.averaging.Averaging;
import io.lepton.tf.BatchRows;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.schedule.Schedule;
import io.lepton.tf.schedule.Span;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Batches that grow between epochs. */
class BatchGrowthTest {
  private static final long SEED = 7;
  private static final int ROWS = 48;
  private static final List<Row> TABLE = Table.rows(ROWS, 1, 1);

  @Test
  void trainingIsGradientDescentWithTheBatchesOfEachEpoch() {
    double rate = 0.05;
    BatchGrowth growth = new BatchGrowth(3, 12, List.of(1, 3), 0);
    TrainingResult result =
        train(rate, options(5, 4, 1, 1, new Schedule.Constant()).growing(growth), new Heard());

    double[] line = Lines.start(result);
    int[] sizes = {4, 12, 12, 12, 12};
    double[] rates = {rate, rate, rate, rate / 3, rate / 3};
    for (int epoch = 0; epoch < 5; epoch++) {
      descend(line, epoch, sizes[epoch], rates[epoch]);
    }

    assertThat(result.best()).isEqualTo(5);
    float[] weights = Table.weights(result);
    for (int i = 0; i < 4; i++) {
      assertThat((double) weights[i]).isEqualTo(line[i], offset(1e-5));
    }
  }

  @Test
  void itGrowsInPlaceOfTheRatesDecayUntilItIsLargest() {
    Heard log = new Heard();
    TrainingOptions options =
        options(5, 4, 2, 3, new Schedule.Plateau(0.5, 1, 0))
            .growing(new BatchGrowth(2, 15, List.of(), 0));
    train(1e-12, options, log);

    String reason = "mae has not become better for 1 epochs";
    String full = reason + ", and the batch has all the examples that it may have";
    assertThat(log.adaptations())
        .containsExactly(
            new Adaptation(Adaptation.BATCH_SIZE, 4, 8, reason, 5),
            new Adaptation(Adaptation.BATCH_SIZE, 8, 15, reason, 6),
            new Adaptation(Adaptation.LEARNING_RATE, 1e-12, 5e-13, full, 7),
            new Adaptation(Adaptation.LEARNING_RATE, 5e-13, 2.5e-13, full, 8));
    assertThat(log.rounds())
        .extracting(it -> it.averages().batchSize())
        .containsExactly(4, 4, 4, 4, 8, 15, 15);
  }

  @Test
  void epochsHaveAllRowsWhateverTheBatchAndRoundsAreForeseen() {
    Heard log = new Heard();
    TrainingOptions options =
        options(5, 3, 3, 2, new Schedule.Constant()).growing(new BatchGrowth(1.1, 5, List.of(), 2));
    TrainingResult result = train(0.01, options, log);

    assertThat(log.adaptations())
        .extracting(Adaptation::knob, Adaptation::to, Adaptation::reason, Adaptation::round)
        .containsExactly(
            tuple("batch-size", 4.0, "epoch 2 is over", 7),
            tuple("batch-size", 5.0, "epoch 4 is over", 11));
    assertThat(result.epochs()).extracting(EpochReport::examples).containsOnly((long) ROWS);
    assertThat(log.rounds()).extracting(RoundReport::rounds).containsOnly(3 + 3 + 2 + 2 + 2);
    assertThat(result.rounds()).isEqualTo(12);
  }

  @Test
  void aScheduleGoesByExamplesWhateverTheBatch() {
    Heard log = new Heard();
    Schedule falling = new Schedule.Polynomial(0, 1);
    train(1, options(4, 4, 1, 3, falling).growing(new BatchGrowth(3, 100, List.of(1, 2), 0)), log);

    assertThat(log.rounds()).extracting(it -> it.averages().batchSize()).startsWith(4, 4, 4, 4, 12);
    double examples = 0;
    for (RoundReport round : log.rounds()) {
      assertThat(round.averages().rate())
          .as("round %d", round.round())
          .isEqualTo(1 - examples / (4 * ROWS), offset(1e-6));
      examples += round.examples();
    }
    assertThat(examples).isEqualTo(4 * ROWS);

    Heard steps = new Heard();
    Schedule halving = new Schedule.Steps(0.5, new Span(12, Span.Unit.STEPS));
    train(1, options(3, 4, 1, 20, halving).growing(new BatchGrowth(2, 8, List.of(1), 0)), steps);
    assertThat(steps.rounds())
        .extracting(it -> it.averages().rate())
        .containsExactly(1.0, 0.5, 0.25);
  }

  @Test
  void whatCannotGrowIsRefused() {
    TrainingOptions options = options(3, 8, 1, 1, new Schedule.Constant());
    assertThatThrownBy(() -> options.growing(new BatchGrowth(2, 8, List.of(1), 0)))
        .hasMessage("a batch that grows must have most above batch-size, but they were: 8 and 8");
    assertThatThrownBy(() -> options.growing(new BatchGrowth(2, 16, List.of(), 0)))
        .hasMessageStartingWith(
            "a batch must grow after epochs unless the schedule is a plateau, but that was: ");
    assertThatThrownBy(() -> new BatchGrowth(1, 8, List.of(1), 0))
        .hasMessage("factor must be above 1, but was: 1.0");
  }

  /** An epoch of steps in doubles, in the order that the training has. */
  private static void descend(double[] line, int epoch, int size, double rate) {
    EpochOrder order = new EpochOrder(List.of(ROWS), 1, size, SEED, epoch, 0);
    BatchRows rows = new BatchRows(size);
    order.visit(
        0,
        order.steps(),
        (window, first, end, firstStep) -> {
          for (int batch = first; batch < end; batch++) {
            window.fill(batch, rows);
            step(line, rows, rate);
          }
        });
  }

  private static void step(double[] line, BatchRows rows, double rate) {
    List<Row> batch =
        IntStream.range(0, rows.size()).mapToObj(i -> TABLE.get(rows.row(i))).toList();
    double[] gradient = Lines.gradient(batch, line);
    for (int x = 0; x < 4; x++) {
      line[x] -= rate * gradient[x];
    }
  }

  private static TrainingOptions options(
      int epochs, int batchSize, int replicas, int localSteps, Schedule schedule) {
    return new TrainingOptions(
        SEED,
        epochs,
        batchSize,
        Averaging.plain(replicas, localSteps),
        null,
        null,
        schedule,
        Optional.empty(),
        PrecisionChoice.FLOAT32,
        List.of(),
        ComputeOptions.DEFAULT);
  }

  private static TrainingResult train(double rate, TrainingOptions options, Heard log) {
    Dataset<Row> data = Table.of(Cluster.local(), TABLE);
    return new Trainer(Table.job(Table.DATA, rate, options), log, new PhaseClock())
        .train(data, data);
  }
}
