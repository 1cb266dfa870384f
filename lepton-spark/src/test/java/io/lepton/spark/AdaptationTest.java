package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.schedule.Schedule;
import io.lepton.tf.schedule.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Whatever a training turns by itself is told, with a reason. */
class AdaptationTest {
  private static final int ROWS = 48;

  @Test
  void aRateIsLoweredWhereTheMetricNoLongerBecomesBetter() {
    Heard log = new Heard();
    train(1e-12, new LocalSteps.Fixed(3), new Schedule.Plateau(0.5, 2, 0), 5, 1, log);

    String reason = "mae has not become better for 2 epochs";
    assertThat(log.adaptations())
        .containsExactly(
            new Adaptation(Adaptation.LEARNING_RATE, 1e-12, 5e-13, reason, 7),
            new Adaptation(Adaptation.LEARNING_RATE, 5e-13, 2.5e-13, reason, 11));
  }

  @Test
  void localStepsFollowTheirRule() {
    Heard log = new Heard();
    LocalSteps rule =
        new LocalSteps.PostLocal(new Span(2, Span.Unit.STEPS), new LocalSteps.Fixed(3));
    train(0.01, rule, new Schedule.Constant(), 2, 1, log);

    assertThat(log.adaptations())
        .containsExactly(
            new Adaptation(Adaptation.LOCAL_STEPS, 1, 3, "the synchronous start is over", 3));
    assertThat(log.rounds())
        .extracting(it -> it.averages().localSteps())
        .startsWith(1L, 1L, 3L, 3L);
  }

  @Test
  void theScaleOfTheLossFallsWithEveryStepThatOverflows() {
    Heard log = new Heard();
    TrainingResult result =
        train(1e-9, new LocalSteps.Fixed(1), new Schedule.Constant(), 2, 100_000, log);

    double scale = 1 << 15;
    double skipped = 0;
    List<Adaptation> expected = new ArrayList<>();
    for (RoundReport round : log.rounds()) {
      if (round.averages().skippedSteps() > 0) {
        expected.add(
            new Adaptation(
                Adaptation.LOSS_SCALE,
                scale,
                scale / 2,
                "gradients were not finite",
                round.round() + 1));
        scale /= 2;
        skipped += round.epoch() <= result.best() ? round.averages().skippedSteps() : 0;
      }
    }
    assertThat(log.adaptations()).isNotEmpty().containsExactlyElementsOf(expected);
    assertThat(skipped).isEqualTo(result.skippedSteps(), offset(1e-6));
  }

  private static TrainingResult train(
      double rate, LocalSteps steps, Schedule schedule, int epochs, double slope, Heard log) {
    Dataset<Row> data = Table.of(Cluster.local(), Table.rows(ROWS, 1, slope));
    boolean large = slope > 1;
    TrainingOptions options =
        new TrainingOptions(
            7,
            epochs,
            4,
            new Averaging(
                2,
                steps,
                OuterOptimizer.PLAIN,
                Averaging.OptimizerState.AVERAGED,
                DeltaCodec.FLOAT32,
                true),
            null,
            null,
            schedule,
            Optional.empty(),
            large ? PrecisionChoice.MIXED_FLOAT16 : PrecisionChoice.FLOAT32,
            List.of(),
            ComputeOptions.DEFAULT);
    return new Trainer(Table.job(Table.DATA, rate, options), log, new PhaseClock())
        .train(data, data);
  }
}
