package io.lepton.spark.evaluation;

import static java.util.Comparator.comparingDouble;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
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

  @Test
  void eachGoalOfAThresholdIsServedAsWellAsByAnyProbabilityThatOccurs() {
    List<ThresholdGoal> goals =
        List.of(
            new ThresholdGoal.BestF1(),
            new ThresholdGoal.WantedPrecision(0.9),
            new ThresholdGoal.WantedPrecision(0.6),
            new ThresholdGoal.WantedRecall(0.9),
            new ThresholdGoal.WantedRecall(0.333),
            new ThresholdGoal.WantedRecall(1),
            new ThresholdGoal.LeastCost(1, 5),
            new ThresholdGoal.LeastCost(7.5, 1),
            new ThresholdGoal.LeastCost(0, 1));
    Fixture fixture = Fixture.of("binary");
    List<Row> rows = fixture.rows(1).collectAsList();
    List<ThresholdChoice> choices =
        new ClassEvaluation(
                2,
                Scores.PROBABILITIES,
                new ClassOptions(0.5, List.of(), 15, goals),
                EvaluationOptions.PLAIN.weightedBy("weight"))
            .evaluate(fixture.rows(3), "scores", "label")
            .details()
            .orElseThrow()
            .thresholds();

    assertThat(choices).extracting(ThresholdChoice::goal).isEqualTo(goals);
    List<TriedThreshold> tried = TriedThreshold.all(rows);
    for (ThresholdChoice choice : choices) {
      TriedThreshold expected =
          tried.stream()
              .filter(it -> it.reaches(choice.goal()))
              .max(comparingDouble(it -> it.worth(choice.goal())))
              .orElseThrow();
      TriedThreshold found =
          tried.stream().filter(it -> it.at() == choice.threshold()).findFirst().orElseThrow();
      assertThat(found.reaches(choice.goal())).as(choice.goal().words()).isTrue();
      assertThat(found.worth(choice.goal()))
          .as(choice.goal().words())
          .isCloseTo(expected.worth(choice.goal()), within(CLOSE));
      assertThat(choice.precision()).isCloseTo(found.precision(), within(CLOSE));
      assertThat(choice.recall()).isCloseTo(found.recall(), within(CLOSE));
      assertThat(choice.f1()).isCloseTo(found.f1(), within(CLOSE));
    }
    assertThat(choices.get(6).cost())
        .isCloseTo(
            -tried.stream().mapToDouble(it -> it.worth(goals.get(6))).max().orElseThrow(),
            within(CLOSE));
  }

  @Test
  void aGoalThatNoThresholdReachesIsLeftOut() {
    Fixture fixture = Fixture.of("binary");
    Dataset<Row> opposite = fixture.rows(2).withColumn("label", lit(1).minus(col("label")));
    ClassOptions details =
        new ClassOptions(
            0.5,
            List.of(),
            15,
            List.of(new ThresholdGoal.WantedPrecision(0.99), new ThresholdGoal.WantedRecall(1)));

    assertThat(
            new ClassEvaluation(2, Scores.PROBABILITIES, details, EvaluationOptions.PLAIN)
                .evaluate(opposite, "scores", "label")
                .details()
                .orElseThrow()
                .thresholds())
        .extracting(ThresholdChoice::goal)
        .containsExactly(new ThresholdGoal.WantedRecall(1));
  }

  @Test
  void rowsAreSlicedByAColumnWithDotsInItsName() {
    Fixture fixture = Fixture.of("numbers");
    Dataset<Row> rows =
        fixture
            .rows(3)
            .withColumn("score", col("scores").getItem(0))
            .withColumnRenamed("part", "shop.part")
            .withColumnRenamed("weight", "the.weight");
    EvaluationReport report =
        new NumberEvaluation(
                List.of(0.1, 0.5, 0.9),
                EvaluationOptions.PLAIN.weightedBy("the.weight").slicedBy(List.of("shop.part")))
            .evaluate(rows, "score", "label");

    assertThat(report.slices()).extracting(SliceReport::column).containsOnly("shop.part");
    report.slices().forEach(slice -> assertSame(slice, fixture.metrics(slice.value())));
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
