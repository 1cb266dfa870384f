package io.lepton.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpikeWatchTest {
  @Test
  void averagesLossesWithWeightsThatFallByATenthARound() {
    SpikeWatch watch = after(2, 1, 4);
    double average = (0.81 * 2 + 0.9 * 1 + 4) / (0.81 + 0.9 + 1);
    assertThat(watch.state().average()).isCloseTo(average, within(1e-12));
  }

  @Test
  void aLossAboveItsTimesTheAverageIsASpikeAndChangesNothing() {
    SpikeWatch watch = after(2, 1, 4);
    double average = watch.state().average();
    assertThat(watch.judge(4, 3 * average - 1e-9)).isEmpty();

    watch = after(2, 1, 4);
    Spike spike = watch.judge(4, 3 * average + 1e-9).orElseThrow();

    assertThat(spike).isEqualTo(new Spike(4, 3 * average + 1e-9, average, 3, 3));
    assertThat(spike.reason())
        .isEqualTo(
            "the loss of round 4 was 7.218, more than 3.0 times its moving average of 2.406");
    assertThat(watch.state()).isEqualTo(after(2, 1, 4).state());
  }

  @Test
  void nothingIsComparedBeforeTheFourthRound() {
    assertThat(after(1).judge(2, 1e9)).isEmpty();
    assertThat(after(1, 1).judge(3, 1e9)).isEmpty();
    assertThat(after(1, 1, 1).judge(4, 1e9)).isPresent();
  }

  @Test
  void aLossThatIsNoNumberIsASpikeFromTheFirstRoundOn() {
    Optional<Spike> spike = after().judge(1, Double.NaN);
    assertThat(spike).map(Spike::good).hasValue(1);
    assertThat(spike).map(Spike::reason).hasValue("the loss of round 1 was no finite number");
    assertThat(after().judge(1, Double.POSITIVE_INFINITY)).isPresent();
  }

  @Test
  void lossesBelowZeroHaveRoomAboveTheirAverageToo() {
    SpikeWatch watch = after(-1, -1, -1);
    assertThat(watch.judge(4, 0.9)).isEmpty();
    assertThat(after(-1, -1, -1).judge(4, 1.1)).isPresent();
  }

  @Test
  void everyRollbackLowersTheRateUntilThereWereEnough() {
    SpikeWatch watch = after(1, 1, 1);
    watch.rolledBack();
    assertThat(watch.rateFactor()).isEqualTo(0.5);
    assertThat(watch.isPatient()).isTrue();

    SpikeWatch resumed = new SpikeWatch(new Rollback(3, 0.5, 2));
    resumed.restore(watch.state());
    resumed.rolledBack();

    assertThat(resumed.rateFactor()).isEqualTo(0.25);
    assertThat(resumed.isPatient()).isFalse();
  }

  @Test
  void whereNothingIsUndoneNothingIsASpike() {
    assertThat(new SpikeWatch(Rollback.NEVER).judge(1, Double.NaN)).isEmpty();
  }

  @Test
  void refusesNumbersThatMakeNoSense() {
    assertThatThrownBy(() -> new Rollback(1, 0.5, 3))
        .hasMessage("spike must be above 1, but was: 1.0");
    assertThatThrownBy(() -> new Rollback(2, 0, 3))
        .hasMessage("rate-factor must be above 0 and at most 1, but was: 0.0");
    assertThatThrownBy(() -> new Rollback(2, 0.5, -1))
        .hasMessage("most must not be negative, but was: -1");
  }

  private static SpikeWatch after(double... losses) {
    SpikeWatch watch = new SpikeWatch(new Rollback(3, 0.5, 2));
    for (int i = 0; i < losses.length; i++) {
      assertThat(watch.judge(i + 1, losses[i])).isEmpty();
    }
    return watch;
  }
}
