package io.lepton.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PredictionReportTest {
  @Test
  void noRowIsLostOrDoubled() {
    assertThatThrownBy(() -> new PredictionReport(10, 7, 2))
        .hasMessage(
            "rows must all be scored or quarantined, but of 10 were 7 and 2; nothing was published");
    assertThatThrownBy(() -> new PredictionReport(10, 9, 2))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void reportsAddUp() {
    assertThat(new PredictionReport(10, 7, 3).plus(new PredictionReport(5, 5, 0)))
        .isEqualTo(new PredictionReport(15, 12, 3));
  }
}
