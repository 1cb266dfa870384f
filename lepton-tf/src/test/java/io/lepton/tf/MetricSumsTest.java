package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricSumsTest {
  @Test
  void meansAreWeightedByTheSummariesWeights() {
    MetricSums sums = sums("accuracy", "mae");
    sums.add(summary(3, 2, 1, 8), 4);
    sums.add(summary(5, 6, 3, 0), 2);
    assertThat(sums.loss()).isEqualTo(1);
    assertThat(sums.value("loss")).isEqualTo(1);
    assertThat(sums.value("accuracy")).isEqualTo(0.5);
    assertThat(sums.value("mae")).isEqualTo(1);
    assertThat(sums.weight()).isEqualTo(8);
    assertThat(sums.examples()).isEqualTo(6);
    assertThat(sums.metrics()).containsExactly("accuracy", "mae");
  }

  @Test
  void partsAddUpToTheWhole() {
    MetricSums whole = sums("mse");
    MetricSums parts = sums("mse");
    for (int part = 0; part < 3; part++) {
      MetricSums sums = sums("mse");
      for (int i = 0; i < 5; i++) {
        FloatBuffer summary = summary(part + i, 8, 2 * i);
        whole.add(summary, 8);
        sums.add(summary, 8);
      }
      parts.add(sums);
    }
    assertThat(parts).usingRecursiveComparison().isEqualTo(whole);
  }

  @Test
  void smallLossesAreNotLostInALargeSum() {
    MetricSums sums = sums();
    sums.add(summary(1 << 24, 1), 1);
    for (int i = 0; i < 1000; i++) {
      sums.add(summary(0.25f, 1), 1);
    }
    assertThat(sums.loss()).isCloseTo(((1 << 24) + 250.0) / 1001, within(1e-9));
  }

  @Test
  void withoutExamplesMeansAreNotANumber() {
    assertThat(sums("accuracy").loss()).isNaN();
    assertThat(sums("accuracy").value("accuracy")).isNaN();
  }

  @Test
  void unknownMetricIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> sums("mae", "mse").value("accuracy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a metric must be one of loss, mae, mse, but was: accuracy");
  }

  private static MetricSums sums(String... metrics) {
    return new MetricSums(Metric.means(List.of(metrics)));
  }

  private static FloatBuffer summary(float... values) {
    return FloatBuffer.wrap(values);
  }
}
