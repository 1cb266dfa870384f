package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.Rollback;
import io.lepton.spark.averaging.Spike;
import io.lepton.spark.checkpoint.CheckpointException;
import io.lepton.spark.checkpoint.CheckpointOptions;
import io.lepton.spark.checkpoint.CheckpointStore;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.Precision;
import io.lepton.tf.model.Clipping;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.UpdateOptions;
import io.lepton.tf.schedule.Schedule;
import io.lepton.tf.schedule.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that ended anywhere and goes on gives the bits of one that was left alone. */
class ResumeTest {
  private static final int EPOCHS = 4;
  private static final int ROUNDS_PER_EPOCH = 3;

  private SparkSession spark;
  private Dataset<Row> training;
  private Dataset<Row> validation;

  @TempDir private Path directory;

  @BeforeEach
  void makeData() {
    spark = Cluster.local();
    training = Table.of(spark, Table.rows(40, 1, 3));
    validation = Table.of(spark, Table.rows(30, 2, 1));
  }

  static Stream<Arguments> jobs() {
    Optional<Ema> none = Optional.empty();
    UpdateOptions accumulating =
        new UpdateOptions(
            new Clipping.ByGlobalNorm(0.5), 4, false, List.of(), Map.of("*/bias", 2.0));
    Schedule cosine =
        new Schedule.WarmUp(new Span(5, Span.Unit.STEPS), new Schedule.Cosine(0, Span.NONE, 1));
    Schedule plateau = new Schedule.Plateau(0.5, 1, 0);
    TrainingOptions.EarlyStopping stopping = new TrainingOptions.EarlyStopping("mae", 2);
    return Stream.of(
        arguments(
            "adam with an average of weights and accumulated gradients",
            job(
                new Optimizer.AdamW(0.05, 0.9, 0.99, 1e-3, 0.1, Optimizer.NOT_DECAYED),
                accumulating,
                options(EPOCHS, null, cosine, Optional.of(new Ema(0.9, true))))),
        arguments(
            "momentum until the metric stops becoming better",
            job(
                new Optimizer.Sgd(0.02, 0.9),
                UpdateOptions.PLAIN,
                options(12, stopping, plateau, none))),
        arguments(
            "a batch that grows after epochs, at a rate that falls",
            job(
                new Optimizer.Adam(0.05, 0.9, 0.99, 1e-3),
                UpdateOptions.PLAIN,
                options(EPOCHS, null, cosine, none)
                    .growing(new BatchGrowth(2, 7, List.of(1, 2, 3), 0)))),
        arguments(
            "a batch that grows where the metric does not become better",
            job(
                new Optimizer.Sgd(1e-12, 0),
                UpdateOptions.PLAIN,
                options(5, null, plateau, none).growing(new BatchGrowth(2, 8, List.of(), 0)))),
        arguments(
            "moments that replicas keep, and what int8 lost",
            job(
                new Optimizer.Adam(0.05, 0.9, 0.99, 1e-3),
                UpdateOptions.PLAIN,
                Table.options(
                    2,
                    2,
                    new Averaging(
                        3,
                        new LocalSteps.Fixed(3),
                        OuterOptimizer.PLAIN,
                        Averaging.OptimizerState.KEPT,
                        DeltaCodec.INT8,
                        true)))),
        arguments(
            "replicas that start from a shadow",
            job(
                new Optimizer.Sgd(0.02, 0.9),
                UpdateOptions.PLAIN,
                Table.options(3, 2, Averaging.plain(3, 3).withDownCodec(DeltaCodec.INT4)))),
        arguments(
            "a scaled loss",
            job(
                new Optimizer.Sgd(0.02, 0),
                UpdateOptions.PLAIN,
                options(2, null, new Schedule.Constant(), none)
                    .computing(PrecisionChoice.MIXED_FLOAT16, List.of(), ComputeOptions.DEFAULT))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jobs")
  void aTrainingThatDiedGoesOnToTheSameBits(String name, TrainingJob job) throws IOException {
    TrainingResult whole = train(job, Recovery.none(new StopRequest()), TrainingListener.NONE);
    for (int death : Set.of(1, 2, ROUNDS_PER_EPOCH + 1, ROUNDS_PER_EPOCH + 2, whole.rounds())) {
      Path place = directory.resolve("died-in-" + death);

      assertThatThrownBy(() -> train(job, recovery(place), new Death(death)))
          .isInstanceOf(Died.class);
      TrainingResult resumed = train(job, recovery(place), TrainingListener.NONE);

      assertThat(resumed.resumedFrom())
          .isEqualTo(death == 1 ? OptionalInt.empty() : OptionalInt.of(death - 1));
      assertSame(resumed, whole);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jobs")
  void aTrainingThatWasAskedToStopGoesOnToTheSameBits(String name, TrainingJob job)
      throws IOException {
    TrainingResult whole = train(job, Recovery.none(new StopRequest()), TrainingListener.NONE);
    for (int round : new int[] {1, ROUNDS_PER_EPOCH}) {
      Path place = directory.resolve("stopped-after-" + round);
      StopRequest stop = new StopRequest();

      InterruptedTrainingException end =
          catchThrowableOfType(
              InterruptedTrainingException.class,
              () -> train(job, recovery(place, stop, 1000), new Asker(round, stop)));
      TrainingResult resumed = train(job, recovery(place), TrainingListener.NONE);

      assertThat(end.saved()).isTrue();
      assertThat(end.round()).isEqualTo(round);
      assertThat(end)
          .hasMessage(
              "interrupted after round %d; its checkpoint is written, and the same command goes on"
                      .formatted(round)
                  + " from there");
      assertThat(resumed.resumedFrom()).hasValue(round);
      assertSame(resumed, whole);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "INT8"})
  void aTrainingThatUndidARoundGoesOnToTheSameBits(DeltaCodec downCodec) throws IOException {
    TrainingOptions options =
        new TrainingOptions(
            7,
            EPOCHS,
            2,
            new Averaging(
                    3,
                    new LocalSteps.Fixed(3),
                    new OuterOptimizer.Adam(0.8, 0.9, 0.99, 1e-8),
                    Averaging.OptimizerState.AVERAGED,
                    DeltaCodec.FLOAT32,
                    true)
                .with(new Rollback(1.1, 0.3, 9))
                .withDownCodec(downCodec),
            null,
            null,
            new Schedule.Plateau(0.7, 1, 0),
            Optional.of(new Ema(0.9, true)),
            PrecisionChoice.FLOAT32,
            List.of(),
            ComputeOptions.DEFAULT);
    TrainingJob job = job(new Optimizer.Sgd(0.1, 0.9), UpdateOptions.PLAIN, options);
    List<Integer> undone = new ArrayList<>();
    TrainingResult whole =
        train(
            job,
            Recovery.none(new StopRequest()),
            new TrainingListener() {
              @Override
              public void rolledBack(Spike spike) {
                undone.add(spike.round());
              }
            });

    assertThat(undone).isNotEmpty().hasSizeLessThan(whole.rounds() / 2);
    for (int round : undone) {
      for (int after : new int[] {round - 1, round, round + 1}) {
        Path place = directory.resolve("round-%d-stopped-after-%d".formatted(round, after));
        StopRequest stop = new StopRequest();
        if (after < whole.rounds()) {
          assertThatThrownBy(() -> train(job, recovery(place, stop, 1000), new Asker(after, stop)))
              .isInstanceOf(InterruptedTrainingException.class);
          assertSame(train(job, recovery(place), TrainingListener.NONE), whole);
        }
      }
    }
  }

  @Test
  void aTrainingThatEndedIsNotTrainedAgain() throws IOException {
    TrainingJob job = plain(EPOCHS);
    TrainingResult first = train(job, recovery(directory), TrainingListener.NONE);

    TrainingResult again = train(job, recovery(directory), new Death(1));

    assertThat(again.resumedFrom()).hasValue(first.rounds());
    assertSame(again, first);
  }

  @Test
  void moreEpochsGoOnWhereFewerEnded() throws IOException {
    TrainingResult whole =
        train(plain(EPOCHS), Recovery.none(new StopRequest()), TrainingListener.NONE);
    train(plain(2), recovery(directory), TrainingListener.NONE);

    assertSame(train(plain(EPOCHS), recovery(directory), TrainingListener.NONE), whole);
  }

  @Test
  void handingOverCopiesNothingButTheAverageOfWeights() throws IOException {
    TrainingResult plain = train(plain(2), recovery(directory), TrainingListener.NONE);
    TrainingJob averaged =
        job(
            new Optimizer.Sgd(0.02, 0),
            UpdateOptions.PLAIN,
            options(2, null, new Schedule.Constant(), Optional.of(new Ema(0.9, false))));
    TrainingResult ema = train(averaged, recovery(directory.resolve("ema")), TrainingListener.NONE);

    long taken = 2 * ROUNDS_PER_EPOCH;
    assertThat(plain.checkpoints().orElseThrow().copiedBytes()).isZero();
    assertThat(ema.checkpoints().orElseThrow().copiedBytes())
        .isEqualTo(taken * (1 + 4) * Double.BYTES);
    assertThat(ema.checkpoints().orElseThrow().newest()).hasValue(2 * ROUNDS_PER_EPOCH);
    assertThat(ema.checkpoints().orElseThrow().failed()).isZero();
    assertThat(
            ema.checkpoints().orElseThrow().written()
                + ema.checkpoints().orElseThrow().superseded())
        .isEqualTo((int) taken);
  }

  @Test
  void aPrecisionThatWasMeasuredIsNotMeasuredAgain() throws IOException {
    TrainingJob job =
        Table.job(
            Table.DATA,
            0.01,
            new TrainingOptions(7, 2000, 40, 1, 1, null, null)
                .computing(PrecisionChoice.AUTO, List.of(), ComputeOptions.DEFAULT));
    List<PrecisionReport> reports = new ArrayList<>();
    for (int round = 1; round <= 2; round++) {
      StopRequest stop = new StopRequest();
      Asker asker =
          new Asker(round, stop) {
            @Override
            public void precision(PrecisionReport report) {
              reports.add(report);
            }
          };
      assertThatThrownBy(() -> train(job, recovery(directory, stop, 1), asker))
          .isInstanceOf(InterruptedTrainingException.class);
    }

    assertThat(reports.get(0).heavy().total()).isPositive();
    assertThat(reports.get(1).precision()).isEqualTo(reports.get(0).precision());
    assertThat(reports.get(1).lowSeconds()).isZero();
    if (reports.get(1).precision() == Precision.FLOAT32) {
      assertThat(reports.get(1).heavy().total()).isZero();
    }
  }

  @Test
  void withoutADirectoryNothingIsSaved() {
    StopRequest stop = new StopRequest();
    assertThat(stop.ask()).as("before there are rounds").isFalse();

    assertThatThrownBy(() -> train(plain(EPOCHS), Recovery.none(stop), new Asker(2, stop)))
        .isInstanceOf(InterruptedTrainingException.class)
        .hasMessage(
            "interrupted after round 2; nothing was saved, as checkpoints.directory is not set");
  }

  @Test
  void aCheckpointThatCannotBeWrittenDoesNotStopTheTraining() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    CheckpointStore store = store(file.resolve("below"), 1);
    Recovery recovery =
        new Recovery(Optional.of(store), Map.of(), Optional.empty(), new StopRequest());

    TrainingResult result = train(plain(2), recovery, TrainingListener.NONE);

    assertThat(result.epochs()).hasSize(2);
    assertThat(result.checkpoints().orElseThrow().written()).isZero();
    assertThat(result.checkpoints().orElseThrow().failedInRow()).isPositive();
    assertThat(result.checkpoints().orElseThrow().failure())
        .get()
        .asString()
        .startsWith("checkpoint-00000006: ");
  }

  @Test
  void aCheckpointOfAnotherModelOrOfOtherDataIsRefused() throws IOException {
    train(plain(1), recovery(directory), TrainingListener.NONE);
    TrainingJob other =
        job(
            new Optimizer.Sgd(0.02, 0.9),
            UpdateOptions.PLAIN,
            options(1, null, new Schedule.Constant(), Optional.empty()));

    assertThatThrownBy(() -> train(other, recovery(directory), TrainingListener.NONE))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint-00000003 must be of the program that is to be trained, but is of another"
                + " model; set another checkpoints.directory");
    validation = Table.of(spark, Table.rows(31, 2, 1));
    assertThatThrownBy(() -> train(plain(1), recovery(directory), TrainingListener.NONE))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("must be of the data that is to be trained on, but that has changed")
        .hasMessageContaining("it was 40 rows to train on, 30 to validate (")
        .hasMessageContaining("and is 40 rows to train on, 31 to validate (");
  }

  private static void assertSame(TrainingResult result, TrainingResult expected) {
    assertThat(result.parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(result.parameters().bytes()).isEqualTo(expected.parameters().bytes());
    assertThat(result.rounds()).isEqualTo(expected.rounds());
    assertThat(result.examples()).isEqualTo(expected.examples());
    assertThat(result.best()).isEqualTo(expected.best());
    assertThat(result.epochs())
        .usingRecursiveComparison()
        .ignoringFields("seconds", "bytesCopied")
        .isEqualTo(expected.epochs());
    assertThat(result.precision().precision()).isEqualTo(expected.precision().precision());
  }

  private static TrainingJob plain(int epochs) {
    return job(
        new Optimizer.Sgd(0.02, 0),
        UpdateOptions.PLAIN,
        options(epochs, null, new Schedule.Constant(), Optional.empty()));
  }

  private static TrainingJob job(
      Optimizer optimizer, UpdateOptions updates, TrainingOptions options) {
    TrainingJob any = Table.job(Table.WEIGHTED, 0.1, options);
    return new TrainingJob(
        any.name(),
        any.data(),
        any.layers(),
        any.start(),
        any.objectives(),
        optimizer,
        updates,
        options,
        0);
  }

  /** Three replicas of 13 rows or so: three rounds an epoch. */
  private static TrainingOptions options(
      int epochs,
      TrainingOptions.EarlyStopping stopping,
      Schedule schedule,
      Optional<Ema> average) {
    return new TrainingOptions(
        7,
        epochs,
        2,
        Averaging.plain(3, 3),
        stopping,
        null,
        schedule,
        average,
        PrecisionChoice.FLOAT32,
        List.of(),
        ComputeOptions.DEFAULT);
  }

  private TrainingResult train(TrainingJob job, Recovery recovery, TrainingListener listener) {
    return new Trainer(job, listener, new PhaseClock(), recovery).train(training, validation);
  }

  private static Recovery recovery(Path place) throws IOException {
    return recovery(place, new StopRequest(), 1);
  }

  private static Recovery recovery(Path place, StopRequest stop, int everyRounds)
      throws IOException {
    CheckpointStore store = store(place, everyRounds);
    return new Recovery(Optional.of(store), Map.of(), store.newest().checkpoint(), stop);
  }

  private static CheckpointStore store(Path place, int everyRounds) throws IOException {
    return CheckpointStore.open(
        new CheckpointOptions(
            place.toString(), OptionalInt.of(everyRounds), Optional.empty(), 2, 1),
        new Configuration());
  }

  private static final class Died extends RuntimeException {}

  /** The driver's end, within a round. */
  private record Death(int round) implements TrainingListener {
    @Override
    public void round(RoundReport report) {
      if (report.round() == round) {
        throw new Died();
      }
    }
  }

  private static class Asker implements TrainingListener {
    private final int round;
    private final StopRequest stop;

    Asker(int round, StopRequest stop) {
      this.round = round;
      this.stop = stop;
    }

    @Override
    public void round(RoundReport report) {
      if (report.round() == round) {
        assertThat(stop.ask()).isTrue();
        assertThat(stop.ask()).as("a second time").isFalse();
      }
    }
  }
}
