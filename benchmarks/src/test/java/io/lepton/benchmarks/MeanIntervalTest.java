package io.lepton.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeanIntervalTest {
  @Test
  void fiveValuesAreOffByStudentsFactorOfFourDegrees() {
    MeanInterval interval = MeanInterval.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0));

    assertThat(interval.mean()).isEqualTo(3);
    assertThat(interval.half()).isEqualTo(2.776445 * Math.sqrt(2.5 / 5), offset(1e-5));
  }

  @Test
  void oneValueTellsNothingOfHowFarItIsOff() {
    assertThat(MeanInterval.of(List.of(2.0)))
        .isEqualTo(new MeanInterval(2, Double.POSITIVE_INFINITY));
  }
}
