package io.lepton.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlternationTest {
  @Test
  void sidesTakeTurnsAndWarmupsAreDropped() {
    List<String> order = new ArrayList<>();
    Map<String, List<Double>> samples =
        new Alternation<Double>()
            .side("a", () -> sample(order, "a"))
            .side("b", () -> sample(order, "b"))
            .measure(1, 2);
    assertThat(String.join("", order)).isEqualTo("ba" + "ab" + "ba");
    assertThat(samples)
        .containsExactly(Map.entry("a", List.of(3.0, 6.0)), Map.entry("b", List.of(4.0, 5.0)));
  }

  private static double sample(List<String> order, String side) {
    order.add(side);
    return order.size();
  }
}
