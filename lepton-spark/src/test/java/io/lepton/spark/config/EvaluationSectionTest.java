package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.evaluation.Bootstrap;
import io.lepton.spark.evaluation.ClassOptions;
import io.lepton.spark.evaluation.EvaluationOptions;
import io.lepton.spark.evaluation.ThresholdGoal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationSectionTest {
  @TempDir private Path directory;

  @Test
  void nothingSaidMeansPlainMetrics() {
    EvaluationSection expected =
        new EvaluationSection(
            List.of(),
            Optional.empty(),
            new Bootstrap(0, 0.95, 7),
            new ClassOptions(0.5, List.of(5), 15, List.of(new ThresholdGoal.BestF1())),
            List.of(),
            Optional.empty());

    assertThat(JobFile.minimalAnd(directory).load().evaluation()).isEqualTo(expected);
    assertThat(expected.options(Optional.empty())).isEqualTo(EvaluationOptions.PLAIN);
  }

  @Test
  void everythingMayBeSaid() {
    EvaluationSection section =
        read(
            """
            slices = [region, "kind"], row-column = id, bootstrap = 200, confidence = 0.9,
            threshold = 0.3, top-k = [3, 10], bins = 20, wanted-precision = 0.8, wanted-recall = 1,
            costs { false-positive = 1, false-negative = 25 }, quantiles = 0.9,
            ranking { user = who, cutoffs = [1, 5] }
            """);

    assertThat(section)
        .isEqualTo(
            new EvaluationSection(
                List.of("region", "kind"),
                Optional.of("id"),
                new Bootstrap(200, 0.9, 7),
                new ClassOptions(
                    0.3,
                    List.of(3, 10),
                    20,
                    List.of(
                        new ThresholdGoal.BestF1(),
                        new ThresholdGoal.WantedPrecision(0.8),
                        new ThresholdGoal.WantedRecall(1),
                        new ThresholdGoal.LeastCost(1, 25))),
                List.of(0.9),
                Optional.of(new EvaluationSection.Ranking("who", List.of(1, 5)))));
    assertThat(section.options(Optional.of("w")).weight()).contains("w");
    assertThat(read("ranking.user = who").ranking().orElseThrow().cutoffs()).containsExactly(10);
  }

  @Test
  void everyProblemIsTold() {
    assertThat(
            JobFile.minimalAnd(
                    directory,
                    "evaluation { bootstrap = -1, wanted-recall = 1.5, costs.false-positive = 2,"
                        + " slice = a }")
                .problems())
        .containsExactly(
            "evaluation.bootstrap = -1 (job.conf: 9): must be a whole number from 0 to 2147483647;"
                + " give one in this range",
            "evaluation.wanted-recall = 1.5 (job.conf: 9): must be a number above 0 and at most 1;"
                + " give one such as 0.9",
            "evaluation.costs.false-negative (job.conf: 9): must be set; add false-negative = …",
            "evaluation.slice = \"a\" (job.conf: 9): is not a setting;"
                + " did you mean evaluation.slices?");
  }

  private EvaluationSection read(String settings) {
    return JobFile.minimalAnd(directory, "evaluation { %s }".formatted(settings))
        .load()
        .evaluation();
  }
}
