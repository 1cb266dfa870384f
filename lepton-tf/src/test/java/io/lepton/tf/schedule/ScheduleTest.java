package io.lepton.tf.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.tf.schedule.Span.Unit;
import org.junit.jupiter.api.Test;

/** Factors over a training of 1000 steps in 10 epochs. */
class ScheduleTest {
  private static final Timeline TIMELINE = new Timeline(1000, 10);

  @Test
  void aConstantRateStays() {
    check(new Schedule.Constant(), new double[][] {{0, 1}, {999, 1}});
  }

  @Test
  void stepsFallAfterEachSpan() {
    check(
        new Schedule.Steps(0.5, new Span(300, Unit.STEPS)),
        new double[][] {{0, 1}, {299, 1}, {300, 0.5}, {599, 0.5}, {600, 0.25}, {999, 0.125}});
  }

  @Test
  void spansInEpochsAreMeanEpochs() {
    check(
        new Schedule.Steps(0.1, new Span(2.5, Unit.EPOCHS)),
        new double[][] {{249, 1}, {250, 0.1}, {500, 0.01}});
  }

  @Test
  void anExponentialFallsInEachStep() {
    check(
        new Schedule.Exponential(0.9, new Span(100, Unit.STEPS)),
        new double[][] {{0, 1}, {100, 0.9}, {50, Math.sqrt(0.9)}, {1000, Math.pow(0.9, 10)}});
  }

  @Test
  void aPolynomialFallsToItsEnd() {
    check(
        new Schedule.Polynomial(0.1, 2),
        new double[][] {{0, 1}, {500, 0.1 + 0.9 * 0.25}, {1000, 0.1}, {2000, 0.1}});
  }

  @Test
  void aCosineFallsToItsEnd() {
    check(
        new Schedule.Cosine(0.2, Span.NONE, 1),
        new double[][] {
          {0, 1}, {250, 0.2 + 0.8 * (1 + Math.sqrt(0.5)) / 2}, {500, 0.6}, {1000, 0.2}
        });
  }

  @Test
  void aCosineStartsAgainInLongerAndLongerCycles() {
    check(
        new Schedule.Cosine(0, new Span(1, Unit.EPOCHS), 2),
        new double[][] {{0, 1}, {50, 0.5}, {100, 1}, {200, 0.5}, {300, 1}, {500, 0.5}, {700, 1}});
    check(
        new Schedule.Cosine(0, new Span(100, Unit.STEPS), 1),
        new double[][] {{50, 0.5}, {100, 1}, {950, 0.5}});
  }

  @Test
  void oneCycleRisesToItsPeakAndFalls() {
    check(
        new Schedule.OneCycle(0.04, 0.001, 0.3),
        new double[][] {{0, 0.04}, {150, 0.52}, {300, 1}, {650, 0.5005}, {1000, 0.001}});
  }

  @Test
  void aWarmUpRisesInStepsAndLeavesTheRestToAnother() {
    Schedule schedule =
        new Schedule.WarmUp(new Span(2, Unit.EPOCHS), new Schedule.Cosine(0, Span.NONE, 1));
    check(
        schedule,
        new double[][] {{0, 1 / 200.0}, {99, 0.5}, {199, 1}, {200, 1}, {600, 0.5}, {1000, 0}});
  }

  @Test
  void anEpochIsAsLongAfterTheWarmUp() {
    Schedule schedule =
        new Schedule.WarmUp(
            new Span(150, Unit.STEPS), new Schedule.Steps(0.5, new Span(1, Unit.EPOCHS)));
    check(schedule, new double[][] {{150, 1}, {249, 1}, {250, 0.5}, {349, 0.5}, {350, 0.25}});
  }

  @Test
  void aPlateauIsSeenThroughAWarmUp() {
    Schedule.Plateau plateau = new Schedule.Plateau(0.1, 2, 0.001);
    Schedule schedule = new Schedule.WarmUp(new Span(10, Unit.STEPS), plateau);
    assertThat(schedule.plateau()).contains(plateau);
    check(schedule, new double[][] {{0, 0.1}, {10, 1}, {999, 1}});
  }

  @Test
  void numbersThatMakeNoScheduleAreRefused() {
    assertThatThrownBy(() -> new Schedule.Steps(0.5, Span.NONE))
        .hasMessage("every must be a positive length, but was: 0");
    assertThatThrownBy(() -> new Schedule.Cosine(0, Span.NONE, 0.5))
        .hasMessage("growth must be at least 1, but was: 0.5");
    assertThatThrownBy(() -> new Schedule.OneCycle(0, 0, 1))
        .hasMessage("peak must be between 0 and 1, but was: 1.0");
    assertThatThrownBy(() -> new Schedule.Plateau(1, 2, 0))
        .hasMessage("decay must be between 0 and 1, but was: 1.0");
    assertThatThrownBy(() -> new Span(-1, Unit.EPOCHS))
        .hasMessage("a number of steps or epochs must not be negative, but was: -1.0");
  }

  private static void check(Schedule schedule, double[][] factors) {
    for (double[] factor : factors) {
      assertThat(schedule.factor(factor[0], TIMELINE))
          .as("step %s", factor[0])
          .isCloseTo(factor[1], within(1e-9));
    }
  }
}
