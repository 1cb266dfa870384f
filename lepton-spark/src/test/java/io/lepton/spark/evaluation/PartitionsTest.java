package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.spark.Cluster;
import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.SchemaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

class PartitionsTest {
  private final EvaluationOptions options =
      EvaluationOptions.PLAIN
          .weightedBy("weight")
          .slicedBy(List.of("part"))
          .with(new Bootstrap(20, 0.9, 3));

  @Test
  void resultsAndIntervalsOfClassesAreTheSameBitsInAnyPartitions() {
    for (String name : List.of("binary", "classes")) {
      ClassEvaluation evaluation = evaluation(name, options);
      EvaluationReport one = evaluation.evaluate(Fixture.of(name).rows(1), "scores", "label");
      for (int partitions : List.of(3, 7)) {
        assertThat(evaluation.evaluate(Fixture.of(name).rows(partitions), "scores", "label"))
            .isEqualTo(one);
      }
      assertThat(one.all().metrics().values()).allMatch(Estimate::hasInterval);
    }
  }

  @Test
  void twoExecutorsGiveTheSameBitsAsOne() {
    ClassEvaluation evaluation = evaluation("binary", options);
    EvaluationReport one = evaluation.evaluate(Fixture.of("binary").rows(2), "scores", "label");
    assertThat(
            evaluation.evaluate(
                Fixture.of("binary").rows(Cluster.processes(), 5), "scores", "label"))
        .isEqualTo(one);
  }

  @Test
  void resultsAndIntervalsOfNumbersAreTheSameBitsInAnyPartitions() {
    NumberEvaluation evaluation = new NumberEvaluation(List.of(0.5), options);
    List<EvaluationReport> reports =
        List.of(1, 3, 7).stream()
            .map(
                partitions ->
                    evaluation.evaluate(
                        Fixture.of("numbers")
                            .rows(partitions)
                            .withColumn("score", col("scores").getItem(0)),
                        "score",
                        "label"))
            .toList();
    assertThat(reports.get(1)).isEqualTo(reports.get(0));
    assertThat(reports.get(2)).isEqualTo(reports.get(0));
  }

  @Test
  void anIntervalIsAsWideAsTheoryHasIt() {
    EvaluationReport report =
        evaluation("binary", EvaluationOptions.PLAIN.with(new Bootstrap(400, 0.95, 1)))
            .evaluate(Fixture.of("binary").rows(3), "scores", "label");
    Estimate accuracy = report.all().metrics().get("accuracy");
    double deviation = Math.sqrt(accuracy.value() * (1 - accuracy.value()) / report.all().rows());
    assertThat(accuracy.high() - accuracy.low())
        .isCloseTo(2 * 1.96 * deviation, within(0.5 * deviation));
    Estimate area = report.all().metrics().get("auc");
    assertThat(area.low()).isLessThan(area.value()).isGreaterThan(area.value() - 0.03);
    assertThat(area.high()).isGreaterThan(area.value()).isLessThan(1);
  }

  @Test
  void logitsAreWorthWhatTheirProbabilitiesAre() {
    EvaluationReport expected =
        evaluation("classes", EvaluationOptions.PLAIN)
            .evaluate(Fixture.of("classes").rows(2), "scores", "label");
    EvaluationReport report =
        new ClassEvaluation(4, Scores.LOGITS, ClassOptions.DEFAULT, EvaluationOptions.PLAIN)
            .evaluate(
                Fixture.of("classes")
                    .rows(2)
                    .withColumn(
                        "logits", functions.transform(col("scores"), it -> functions.log(it))),
                "logits",
                "label");
    for (String metric : List.of("accuracy", "log-loss", "macro-auc", "calibration-error")) {
      assertThat(report.all().value(metric)).isCloseTo(expected.all().value(metric), within(1e-9));
    }
  }

  @Test
  void vectorsAreWorthWhatArraysAre() {
    ClassEvaluation evaluation = evaluation("classes", EvaluationOptions.PLAIN);
    EvaluationReport expected =
        evaluation.evaluate(Fixture.of("classes").rows(2), "scores", "label");
    assertThat(
            evaluation.evaluate(
                Fixture.of("classes")
                    .rows(2)
                    .withColumn(
                        "vector", org.apache.spark.ml.functions.array_to_vector(col("scores"))),
                "vector",
                "label"))
        .isEqualTo(expected);
  }

  @Test
  void everyRuleThatRowsBreakIsNamedWithTheirNumber() {
    assertThatThrownBy(
            () ->
                evaluation("binary", EvaluationOptions.PLAIN.weightedBy("weight"))
                    .evaluate(
                        Fixture.of("binary")
                            .rows(2)
                            .withColumn(
                                "label",
                                functions.when(col("row").lt(3), 2).otherwise(col("label")))
                            .withColumn("weight", functions.expr("if(row = 7, -1, weight)"))
                            .withColumn(
                                "scores", functions.expr("if(row < 2, array(1.5D), scores)")),
                        "scores",
                        "label"))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            """
            label must be a class from 0 to 1, but 3 of 600 rows break that, first row \\d+ of partition [01] with 2.0
            scores must be probabilities from 0 to 1, but 2 of 600 rows break that, first row \\d+ of partition [01] with 1.5
            weight must be a weight from 0 on, but 1 of 600 rows break that, first row \\d+ of partition [01] with -1.0""");
  }

  @Test
  void pixelsThatAreNoWholeClassesAreToldWithTheirPlace() {
    Dataset<Row> masks =
        Cluster.local()
            .range(0, 10, 1, 2)
            .selectExpr(
                "array(0D, 1D) as label",
                "array(0D, if(id >= 7, 1.5D, 1D)) as given",
                "if(id = 3, array(0D, double('NaN')), array(0D)) as other");
    MaskEvaluation evaluation = new MaskEvaluation(2, EvaluationOptions.PLAIN);

    assertThatThrownBy(() -> evaluation.evaluate(masks, "given", "label"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "given must be classes from 0 to 1, but 3 of 10 rows break that, first row 2 of partition 1 with 1.5");
    assertThatThrownBy(() -> evaluation.evaluate(masks, "other", "label"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            """
            other must be classes from 0 to 1, but 1 of 10 rows break that, first row 3 of partition 0 with NaN
            other and label must be of as many pixels, but 9 of 10 rows break that, first row 0 of partition 0 with 1 and 2""");
  }

  @Test
  void sumsThatDoNotFitAtOnceAreTakenOneAfterTheOther() {
    Dataset<Row> rows = Fixture.of("numbers").rows(3).withColumn("score", col("scores").getItem(0));
    Slices slices = Slices.of(rows, List.of("part"));
    Dataset<Row> examples =
        Examples.of(
            rows,
            options,
            slices,
            List.of(Examples.number("label"), Examples.number("score")),
            List.of());
    Tally tally = new NumberTally(0, List.of());
    Tallying whole = Tallying.of(tally, slices.size(), options.bootstrap());
    Tallying parts = new Tallying(tally, slices.size(), options.bootstrap(), 1);

    assertThat(totals(parts, examples)).hasSize(4).isEqualTo(totals(whole, examples));
    assertThat(parts.replicates(examples))
        .usingRecursiveComparison()
        .isEqualTo(whole.replicates(examples));
  }

  private static List<List<Double>> totals(Tallying tallying, Dataset<Row> examples) {
    List<List<Double>> totals = new ArrayList<>();
    tallying.totals(examples, it -> totals.add(Arrays.stream(it.values()).boxed().toList()));
    return totals;
  }

  @Test
  void columnsThatAreNotThereAreNamed() {
    assertThatThrownBy(
            () ->
                evaluation("binary", EvaluationOptions.PLAIN.slicedBy(List.of("region")))
                    .evaluate(Fixture.of("binary").rows(2), "scores", "label"))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "region must be a column of the scored rows, but they have row, label, scores, weight,"
                + " part; correct the name");
  }

  @Test
  void aColumnOfTooManyValuesIsNoSlice() {
    assertThatThrownBy(
            () ->
                evaluation("binary", EvaluationOptions.PLAIN.slicedBy(List.of("row")))
                    .evaluate(Fixture.of("binary").rows(2), "scores", "label"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "row must have at most 100 values to slice by, but has more; slice by a coarser"
                + " column");
  }

  private static ClassEvaluation evaluation(String fixture, EvaluationOptions options) {
    return new ClassEvaluation(
        fixture.equals("binary") ? 2 : 4, Scores.PROBABILITIES, ClassOptions.DEFAULT, options);
  }
}
