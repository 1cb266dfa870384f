package io.lepton.spark.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A tally's metrics of every group, to which others can be added.
 *
 * @param totals of each group; of all but the first, which is all rows, no more than their number
 *     and weight
 * @param metrics of each group
 */
record Measured(Slices slices, List<Totals> totals, List<Map<String, Estimate>> metrics) {
  static Measured of(Tally tally, Slices slices, Bootstrap bootstrap, Dataset<Row> examples) {
    Tallying tallying = Tallying.of(tally, slices.size(), bootstrap);
    List<Map<String, double[]>> replicates = tallying.replicates(examples);
    List<Totals> totals = new ArrayList<>();
    List<Map<String, Estimate>> metrics = new ArrayList<>();
    tallying.totals(
        examples,
        sums -> {
          Map<String, double[]> ofGroup = replicates.get(totals.size());
          Map<String, Estimate> estimates = new LinkedHashMap<>();
          tally
              .metrics(sums)
              .forEach(
                  (name, value) ->
                      estimates.put(name, bootstrap.estimate(value, ofGroup.get(name))));
          metrics.add(estimates);
          totals.add(totals.isEmpty() ? sums : sums.size());
        });
    return new Measured(slices, totals, metrics);
  }

  EvaluationReport report(ClassDetails details) {
    List<SliceReport> reports = new ArrayList<>();
    for (int group = 0; group < slices.size(); group++) {
      Slices.Name name = slices.names().get(group);
      Totals sums = totals.get(group);
      reports.add(
          new SliceReport(
              name.column(), name.value(), sums.rows(), sums.weight(), metrics.get(group)));
    }
    return new EvaluationReport(
        reports.get(0), reports.subList(1, reports.size()), java.util.Optional.ofNullable(details));
  }
}
