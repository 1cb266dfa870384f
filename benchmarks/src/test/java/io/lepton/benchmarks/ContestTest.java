package io.lepton.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContestTest {
  private final Contest contest = new Contest(Work.W1, samples());

  @Test
  void eachSideOfLeptonIsComparedWithEachPeerRoundByRound() {
    Map<String, Map<String, Samples>> ratios = contest.ratios();

    assertThat(ratios).containsOnlyKeys("lepton / elephas", "lepton-low / elephas");
    Samples rates = ratios.get("lepton / elephas").get(TrainingProcess.RATE);
    assertThat(rates.sorted()).containsExactly(2.0, 3.0, 10.0);
  }

  @Test
  void tablesShowTheMedianBetweenTheLeastAndTheMost() {
    assertThat(contest.markdown())
        .contains("| lepton | 60.0 (20.0–100) |")
        .contains("| lepton / elephas | 3.00 (2.00–10.0) |");
  }

  @Test
  void fieldsHaveEverySampleAndEveryRatio() {
    assertThat(contest.fields().get("samples")).isEqualTo(samples());
    assertThat(contest.fields().get("ratios"))
        .extracting("lepton / elephas")
        .extracting(TrainingProcess.RATE)
        .isEqualTo(Map.of("min", 2.0, "median", 3.0, "max", 10.0));
  }

  static Map<String, List<Map<String, Double>>> samples() {
    Map<String, List<Map<String, Double>>> samples = new LinkedHashMap<>();
    samples.put("lepton", List.of(numbers(20), numbers(60), numbers(100)));
    samples.put("lepton-low", List.of(numbers(10), numbers(10), numbers(10)));
    samples.put("elephas", List.of(numbers(10), numbers(20), numbers(10)));
    return samples;
  }

  private static Map<String, Double> numbers(double rate) {
    return Map.of(
        TrainingProcess.RATE, rate,
        TrainingProcess.WALL, 1.0,
        TrainingProcess.CPU, 1.0,
        TrainingProcess.MEMORY, 1.0,
        TrainingProcess.ACCURACY, 1.0);
  }
}
