package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.RateCurve;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateChartTest {
  @Test
  void barsShrinkWithTheLossAndTheLastLineSuggests() {
    List<RateCurve.Point> points = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      points.add(new RateCurve.Point(1e-6 * Math.pow(10, i / 10.0), i < 40 ? 2 - 0.03 * i : 9));
    }

    List<String> lines = RateChart.lines(new RateCurve(points));

    assertThat(lines).hasSize(1 + 30 + 1);
    assertThat(lines.get(1)).isEqualTo("1.0e-06   2.000     " + "#".repeat(50));
    assertThat(lines.get(20)).doesNotContain("####################");
    assertThat(lines.get(30)).endsWith("#".repeat(50));
    assertThat(lines.get(31)).startsWith("suggested rate: ");
  }
}
