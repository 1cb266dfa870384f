package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.size;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Evaluates classifications.
 *
 * @param classes their number, from 2 to 1000
 * @param scores what the column of scores holds
 * @param details of this kind of evaluation
 * @param options of every kind
 */
public record ClassEvaluation(
    int classes, Scores scores, ClassOptions details, EvaluationOptions options) {
  public ClassEvaluation {
    Confusion.requireClasses(classes);
  }

  /**
   * Measures scored rows.
   *
   * @param scoreColumn an array with a number for each class, or, of two classes, one number
   * @param labelColumn class numbers from 0
   * @throws io.lepton.spark.ingest.SchemaException if a column is not there
   * @throws io.lepton.spark.ingest.DataException if rows break rules, with all of them
   */
  public EvaluationReport evaluate(Dataset<Row> scored, String scoreColumn, String labelColumn) {
    Examples.require(scored, options, scoreColumn, labelColumn);
    Slices slices = Slices.of(scored, options.slices());
    Dataset<Row> examples =
        examples(scored, slices, scoreColumn, labelColumn).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return evaluate(examples, slices);
    } finally {
      examples.unpersist();
    }
  }

  private EvaluationReport evaluate(Dataset<Row> examples, Slices slices) {
    List<Integer> tops = details.tops().stream().filter(k -> k < classes).toList();
    ClassTally tally = new ClassTally(classes, details.threshold(), tops, details.bins());
    Measured measured = Measured.of(tally, slices, options.bootstrap(), examples);
    Map<Integer, Curve> curves = curves(examples);
    for (int group = 0; group < slices.size(); group++) {
      addAreas(measured.metrics().get(group), curves, group);
    }
    Totals all = measured.totals().get(0);
    Confusion confusion = tally.confusion(all);
    return measured.report(
        new ClassDetails(
            ClassDetails.classes(confusion),
            confusion.rows(),
            tally.reliability(all),
            drawn(curves),
            classes == 2 ? curves.get(0).choices() : List.of()));
  }

  private Dataset<Row> examples(
      Dataset<Row> scored, Slices slices, String scoreColumn, String labelColumn) {
    Column label = Examples.number(labelColumn);
    Column numbers = Scores.numbers(scoreColumn, Examples.type(scored, scoreColumn));
    Column wrongSize = size(numbers).notEqual(classes);
    return Examples.of(
        scored,
        options,
        slices,
        List.of(
            label.cast(DataTypes.IntegerType).as("label"),
            scores.probabilities(numbers, classes).as("probabilities")),
        List.of(
            new Examples.Check(
                "%s must be a class from 0 to %d".formatted(labelColumn, classes - 1),
                label
                    .isNull()
                    .or(label.lt(0))
                    .or(label.geq(classes))
                    .or(label.notEqual(label.cast(DataTypes.LongType))),
                label),
            new Examples.Check(
                "%s must have a score of each of %d classes".formatted(scoreColumn, classes),
                classes == 2 ? wrongSize.and(size(numbers).notEqual(1)) : wrongSize,
                size(numbers)),
            Examples.Check.ofEach(
                scoreColumn + " must be finite numbers", numbers, Examples::notFinite),
            Examples.Check.ofEach(
                scoreColumn + " must be probabilities from 0 to 1",
                numbers,
                it -> scores == Scores.PROBABILITIES ? it.lt(0).or(it.gt(1 + 1e-5)) : lit(false))));
  }

  /** By group of examples times curves of a group, plus the class. */
  private Map<Integer, Curve> curves(Dataset<Row> examples) {
    Dataset<Row> grouped =
        examples.select(
            col("row"),
            col("weight"),
            col("label"),
            col("probabilities"),
            explode(col("groups")).as("in"));
    Dataset<Row> each =
        classes == 2
            ? grouped
                .withColumn(Curves.GROUP, col("in"))
                .withColumn(Curves.SCORE, element_at(col("probabilities"), 2).plus(lit(0.0)))
                .withColumn(Curves.POSITIVE, col("label").equalTo(1))
            : grouped
                .select(
                    col("row"),
                    col("weight"),
                    col("label"),
                    col("in"),
                    posexplode(col("probabilities")).as(new String[] {"class", "probability"}))
                .withColumn(Curves.GROUP, col("in").multiply(classes).plus(col("class")))
                .withColumn(Curves.SCORE, col("probability").plus(lit(0.0)))
                .withColumn(Curves.POSITIVE, col("label").equalTo(col("class")));
    int partitions = Math.max(examples.rdd().getNumPartitions(), curvesOfGroup());
    return new Curves(options.bootstrap(), classes == 2 ? details.goals() : List.of())
        .of(each, partitions);
  }

  private int curvesOfGroup() {
    return classes == 2 ? 1 : classes;
  }

  private void addAreas(Map<String, Estimate> metrics, Map<Integer, Curve> curves, int group) {
    List<Curve> found =
        IntStream.range(0, curvesOfGroup())
            .mapToObj(c -> curves.get(group * curvesOfGroup() + c))
            .filter(it -> it != null)
            .toList();
    if (classes == 2) {
      metrics.put("auc", found.get(0).area(options.bootstrap()));
      metrics.put("average-precision", found.get(0).averagePrecision(options.bootstrap()));
    } else {
      metrics.put("macro-auc", mean(found.stream().map(Curve::areas).toList()));
      metrics.put("macro-average-precision", mean(found.stream().map(Curve::precisions).toList()));
    }
  }

  /** Over classes that have both examples and others. */
  private Estimate mean(List<double[]> ofClasses) {
    double[] means = new double[1 + options.bootstrap().replicates()];
    for (int i = 0; i < means.length; i++) {
      int at = i;
      means[i] =
          ofClasses.stream()
              .mapToDouble(values -> values[at])
              .filter(Double::isFinite)
              .average()
              .orElse(Double.NaN);
    }
    return options.bootstrap().estimate(means[0], Arrays.copyOfRange(means, 1, means.length));
  }

  private List<ClassDetails.DrawnCurve> drawn(Map<Integer, Curve> curves) {
    List<ClassDetails.DrawnCurve> drawn = new ArrayList<>();
    for (int c = 0; c < curvesOfGroup(); c++) {
      Curve curve = curves.get(c);
      drawn.add(
          new ClassDetails.DrawnCurve(
              classes == 2 ? 1 : c,
              curve.areas()[0],
              curve.precisions()[0],
              curve.totals().positives(),
              curve.totals().negatives(),
              curve.points()));
    }
    return drawn;
  }
}
