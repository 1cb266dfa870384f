package io.lepton.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.spark.averaging.Situation.LastRound;
import io.lepton.tf.schedule.Span;
import io.lepton.tf.schedule.Timeline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalStepsTest {
  private static final Timeline TIMELINE = new Timeline(1000, 10);

  @Test
  void averagesEveryStepForThreeEpochsAndEveryFiftyAfterwards() {
    LocalSteps rule =
        new LocalSteps.PostLocal(new Span(3, Span.Unit.EPOCHS), new LocalSteps.Fixed(50));
    assertThat(rule.next(at(0, 0.1))).isEqualTo(1);
    assertThat(rule.next(at(299, 0.1))).isEqualTo(1);
    assertThat(rule.next(at(300, 0.1))).isEqualTo(50);
  }

  @Test
  void takesFourTimesTheStepsAtHalfTheRateButNeverLessThanTheLeast() {
    LocalSteps rule = new LocalSteps.Quadratic(3, 0.1);
    assertThat(rule.next(at(0, 0.1))).isEqualTo(3);
    assertThat(rule.next(at(0, 0.05))).isEqualTo(4);
    assertThat(rule.next(at(0, 0.025))).isEqualTo(16);
    assertThat(rule.next(at(0, 0.03))).isEqualTo(11);
  }

  @Test
  void takesAllStepsOfTheTrainingWhereTheRateIsZero() {
    assertThat(new LocalSteps.Quadratic(3, 0.1).next(at(0, 0))).isEqualTo(1000);
  }

  @Test
  void takesAsManyStepsAsFillTheTime() {
    LocalSteps rule = new LocalSteps.Timed(Duration.ofSeconds(3), 7);
    assertThat(rule.next(at(0, 0.1))).isEqualTo(7);
    assertThat(rule.next(after(new LastRound(7, 0.02, 0.1, 0)))).isEqualTo(150);
    assertThat(rule.next(after(new LastRound(7, 20, 0.1, 0)))).isEqualTo(1);
  }

  @Test
  void takesAsFewStepsAsKeepAveragingUnderItsShare() {
    LocalSteps rule = new LocalSteps.Auto(0.1, 40, 500);
    assertThat(rule.next(at(0, 0.1))).isEqualTo(40);
    long steps = rule.next(after(new LastRound(40, 0.01, 0.06, 1)));
    assertThat(steps).isEqualTo(54);
    assertThat(0.06 / (0.06 + steps * 0.01)).isLessThanOrEqualTo(0.1);
    assertThat(0.06 / (0.06 + (steps - 1) * 0.01)).isGreaterThanOrEqualTo(0.1);
  }

  @Test
  void atMostDoublesItsStepsAndStaysBelowTheMost() {
    LocalSteps rule = new LocalSteps.Auto(0.1, 40, 500);
    assertThat(rule.next(after(new LastRound(40, 0.01, 60, 1)))).isEqualTo(80);
    assertThat(rule.next(after(new LastRound(400, 0.01, 60, 1)))).isEqualTo(500);
  }

  @Test
  void halvesItsStepsWhileReplicasPullApart() {
    LocalSteps rule = new LocalSteps.Auto(0.1, 40, 500);
    assertThat(rule.next(after(new LastRound(40, 0.01, 60, 1.6)))).isEqualTo(20);
    assertThat(rule.next(after(new LastRound(1, 0.01, 60, 1.6)))).isEqualTo(1);
  }

  @Test
  void saysWhatItsStepsFollowFrom() {
    LocalSteps auto = new LocalSteps.Auto(0.05, 40, 500);
    assertThat(auto.reason(after(new LastRound(40, 0.01, 0.4 * 12 / 88, 1))))
        .isEqualTo("averaging took 12.0 % of the time, more than 5.00 %");
    assertThat(auto.reason(after(new LastRound(40, 0.01, 0.4 / 99, 1))))
        .isEqualTo("averaging took 1.00 % of the time, less than 5.00 %");
    assertThat(auto.reason(after(new LastRound(40, 0.01, 60, 1.75))))
        .isEqualTo("replicas disagreed 1.75 times as much as noise would make them, more than 1.5");
    assertThat(new LocalSteps.Quadratic(3, 0.1).reason(at(0, 0.025)))
        .isEqualTo("the learning rate is 0.02500");
    LocalSteps postLocal = new LocalSteps.PostLocal(new Span(9, Span.Unit.STEPS), auto);
    assertThat(postLocal.reason(at(9, 0.1))).isEqualTo("the synchronous start is over");
    assertThat(postLocal.reason(at(10, 0.1))).isEqualTo("nothing is measured yet");
    assertThat(
            new LocalSteps.Timed(Duration.ofSeconds(3), 7)
                .reason(after(new LastRound(7, 0.02, 0.1, 0))))
        .isEqualTo("a step took 0.02000 seconds");
  }

  @Test
  void onlyRulesThatLookAtClocksAreMeasured() {
    LocalSteps auto = new LocalSteps.Auto(0.1, 1, 2);
    assertThat(auto.isMeasured()).isTrue();
    assertThat(new LocalSteps.PostLocal(Span.NONE, auto).isMeasured()).isTrue();
    assertThat(new LocalSteps.Timed(Duration.ofSeconds(1), 1).isMeasured()).isTrue();
    assertThat(new LocalSteps.Quadratic(1, 1).isMeasured()).isFalse();
    assertThat(new LocalSteps.Fixed(1).isMeasured()).isFalse();
  }

  @Test
  void refusesNumbersThatMakeNoSense() {
    assertThatThrownBy(() -> new LocalSteps.Fixed(0))
        .hasMessage("local-steps must be positive, but was: 0");
    assertThatThrownBy(() -> new LocalSteps.Auto(0.1, 60, 50))
        .hasMessage("first must be at most most, but they were: 60 and 50");
    assertThatThrownBy(() -> new LocalSteps.Auto(1, 1, 50))
        .hasMessage("share must be between 0 and 1, but was: 1.0");
  }

  private static Situation at(long step, double rate) {
    return new Situation(step, TIMELINE, rate, 2, null);
  }

  private static Situation after(LastRound last) {
    return new Situation(100, TIMELINE, 0.1, 2, last);
  }
}
