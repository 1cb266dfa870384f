package io.lepton.spark.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Evaluates regressions.
 *
 * @param quantiles of pinball losses, between 0 and 1: what the predictions cost as such quantiles
 * @param options of every kind of evaluation
 */
public record NumberEvaluation(List<Double> quantiles, EvaluationOptions options) {
  public NumberEvaluation {
    quantiles = List.copyOf(quantiles);
    if (quantiles.stream().anyMatch(it -> !(it > 0 && it < 1))) {
      throw new IllegalArgumentException(
          "quantiles must be between 0 and 1, but were: " + quantiles);
    }
  }

  /**
   * Measures scored rows.
   *
   * @throws io.lepton.spark.ingest.SchemaException if a column is not there
   * @throws io.lepton.spark.ingest.DataException if rows break rules, with all of them
   */
  public EvaluationReport evaluate(
      Dataset<Row> scored, String predictionColumn, String labelColumn) {
    Examples.require(scored, options, predictionColumn, labelColumn);
    Slices slices = Slices.of(scored, options.slices());
    Column label = Examples.number(labelColumn);
    Column prediction = Examples.number(predictionColumn);
    Dataset<Row> examples =
        Examples.of(
                scored,
                options,
                slices,
                List.of(label.as("label"), prediction.as("prediction")),
                List.of(
                    new Examples.Check(
                        labelColumn + " must be a finite number", Examples.notFinite(label), label),
                    new Examples.Check(
                        predictionColumn + " must be a finite number",
                        Examples.notFinite(prediction),
                        prediction)))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Totals> first = new ArrayList<>();
      Tallying.of(new NumberTally(0, quantiles), slices.size(), Bootstrap.NONE)
          .totals(examples, first::add);
      double center = NumberTally.meanLabel(first.get(0));
      NumberTally tally = new NumberTally(center, quantiles);
      return Measured.of(tally, slices, options.bootstrap(), examples).report(null);
    } finally {
      examples.unpersist();
    }
  }
}
