package io.lepton.spark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(100, 0.9, 5);

  @Test
  void rowsCountAsAPoissonVariableOfMeanOneSays() {
    int[] seen = new int[20];
    int draws = 400_000;
    for (int row = 0; row < draws / 100; row++) {
      for (int replicate = 0; replicate < 100; replicate++) {
        seen[BOOTSTRAP.count(row, replicate)]++;
      }
    }
    double probability = Math.exp(-1);
    for (int count = 0; count < 6; count++) {
      assertThat((double) seen[count] / draws).isCloseTo(probability, within(0.004));
      probability /= count + 1;
    }
  }

  @Test
  void replicatesAndNeighbouringRowsAreUncorrelated() {
    double rows = 0;
    double replicates = 0;
    int draws = 200_000;
    for (int row = 0; row < draws; row++) {
      int count = BOOTSTRAP.count(row, 3) - 1;
      rows += count * (BOOTSTRAP.count(row + 1, 3) - 1);
      replicates += count * (BOOTSTRAP.count(row, 4) - 1);
    }
    assertThat(rows / draws).isCloseTo(0, within(0.01));
    assertThat(replicates / draws).isCloseTo(0, within(0.01));
  }

  @Test
  void anotherSeedDrawsOthers() {
    Bootstrap other = new Bootstrap(100, 0.9, 6);
    int same = 0;
    for (int row = 0; row < 1000; row++) {
      same += other.count(row, 0) == BOOTSTRAP.count(row, 0) ? 1 : 0;
    }
    assertThat(same).isBetween(250, 400);
  }

  @Test
  void anIntervalGoesBetweenPercentiles() {
    double[] values = new double[101];
    for (int i = 0; i < values.length; i++) {
      values[i] = 100 - i;
    }
    Estimate estimate = BOOTSTRAP.estimate(42, values);
    assertThat(estimate.value()).isEqualTo(42);
    assertThat(estimate.low()).isCloseTo(5, within(1e-9));
    assertThat(estimate.high()).isCloseTo(95, within(1e-9));
  }

  @Test
  void whatHasNoValueInReplicatesHasNoInterval() {
    assertThat(BOOTSTRAP.estimate(1, new double[] {Double.NaN, 2}).hasInterval()).isFalse();
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new Bootstrap(-1, 0.9, 0))
        .hasMessage("replicates must not be negative, but were: -1");
    assertThatThrownBy(() -> new Bootstrap(1, 1, 0))
        .hasMessage("confidence must be between 0 and 1, but was: 1.0");
  }
}
