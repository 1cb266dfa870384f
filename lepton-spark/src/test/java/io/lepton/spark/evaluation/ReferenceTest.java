package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Numbers that scikit-learn gave for the same predictions. */
class ReferenceTest {
  private static final double CLOSE = 1e-9;

  private final EvaluationOptions weighted =
      EvaluationOptions.PLAIN.weightedBy("weight").slicedBy(List.of("part"));

  @Test
  void metricsOfTwoClassesAreScikitLearns() {
    allAreThose(
        Fixture.of("binary"),
        options -> new ClassEvaluation(2, Scores.PROBABILITIES, ClassOptions.DEFAULT, options),
        (it, rows) -> it.evaluate(rows, "scores", "label"));
  }

  @Test
  void metricsOfSeveralClassesAreScikitLearns() {
    ClassOptions details = new ClassOptions(0.5, List.of(2, 3), 15, List.of());
    allAreThose(
        Fixture.of("classes"),
        options -> new ClassEvaluation(4, Scores.PROBABILITIES, details, options),
        (it, rows) -> it.evaluate(rows, "scores", "label"));
  }

  @Test
  void metricsOfNumbersAreScikitLearns() {
    allAreThose(
        Fixture.of("numbers"),
        options -> new NumberEvaluation(List.of(0.1, 0.5, 0.9), options),
        (it, rows) ->
            it.evaluate(rows.withColumn("score", col("scores").getItem(0)), "score", "label"));
  }

  @Test
  void metricsOfRankingsAreScikitLearns() {
    Fixture fixture = Fixture.of("ranking");
    EvaluationReport report =
        new RankingEvaluation(List.of(1, 5, 10), EvaluationOptions.PLAIN)
            .evaluate(fixture.rows(3), "scores", "relevance");
    assertSame(report.all(), fixture.metrics("all"));
  }

  @Test
  void rankingsByRowsOfUserAndItemAreThoseByUser() {
    Fixture fixture = Fixture.of("ranking");
    Dataset<Row> items =
        fixture
            .rows(2)
            .selectExpr("row as user", "explode(arrays_zip(scores, relevance)) as it")
            .selectExpr("user", "it.scores as score", "it.relevance as relevance")
            .repartition(5);
    EvaluationReport report =
        new RankingEvaluation(List.of(1, 5, 10), EvaluationOptions.PLAIN)
            .evaluate(items, "user", "score", "relevance");
    assertSame(report.all(), fixture.metrics("all"));
  }

  @Test
  void metricsOfMasksAreScikitLearns() {
    Fixture fixture = Fixture.of("masks");
    EvaluationReport report =
        new MaskEvaluation(3, EvaluationOptions.PLAIN).evaluate(fixture.rows(3), "given", "label");
    assertSame(report.all(), fixture.metrics("all"));
  }

  @Test
  void thresholdsAreThoseThatATrialOfEveryOneGives() {
    Fixture fixture = Fixture.of("binary");
    ClassOptions details =
        new ClassOptions(
            0.5,
            List.of(),
            15,
            List.of(
                new ThresholdGoal.BestF1(),
                new ThresholdGoal.LeastCost(1, 5),
                new ThresholdGoal.WantedPrecision(0.95)));
    List<ThresholdChoice> choices =
        new ClassEvaluation(2, Scores.PROBABILITIES, details, EvaluationOptions.PLAIN)
            .evaluate(fixture.rows(3), "scores", "label")
            .details()
            .orElseThrow()
            .thresholds();
    Map<String, Double> expected = fixture.metrics("thresholds");
    assertThat(choices)
        .extracting(ThresholdChoice::threshold)
        .containsExactly(
            expected.get("best f1"), expected.get("least cost"), expected.get("precision"));
    assertThat(choices.get(2).precision()).isGreaterThanOrEqualTo(0.95);
  }

  private interface Measure<E> {
    EvaluationReport of(E evaluation, Dataset<Row> rows);
  }

  private <E> void allAreThose(
      Fixture fixture, Function<EvaluationOptions, E> evaluation, Measure<E> measure) {
    EvaluationReport plain = measure.of(evaluation.apply(EvaluationOptions.PLAIN), fixture.rows(3));
    assertSame(plain.all(), fixture.metrics("all"));
    EvaluationReport report = measure.of(evaluation.apply(weighted), fixture.rows(3));
    assertSame(report.all(), fixture.metrics("weighted"));
    assertThat(report.slices()).extracting(SliceReport::value).containsExactly("a", "b", "c");
    report.slices().forEach(slice -> assertSame(slice, fixture.metrics(slice.value())));
  }

  private static void assertSame(SliceReport found, Map<String, Double> expected) {
    assertThat(found.metrics().keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (name, value) -> assertThat(found.value(name)).as(name).isCloseTo(value, within(CLOSE)));
  }
}
