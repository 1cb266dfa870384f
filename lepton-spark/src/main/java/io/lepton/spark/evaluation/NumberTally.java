package io.lepton.spark.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Sums of a regression.
 *
 * @param center near the mean label: spread is measured from there, so that it does not drown in
 *     rounding
 * @param quantiles of the pinball losses
 */
record NumberTally(double center, List<Double> quantiles) implements Tally {
  static final int LABEL = Examples.FIRST;
  static final int PREDICTION = LABEL + 1;

  private static final int SQUARES = 0;
  private static final int ABSOLUTE = 1;
  private static final int RELATIVE = 2;
  private static final int LABELS = 3;
  private static final int LABEL_SQUARES = 4;
  private static final int PINBALLS = 5;

  @Override
  public int size() {
    return PINBALLS + quantiles.size();
  }

  @Override
  public void count(InternalRow row, double weight, Terms terms) {
    double label = row.getDouble(LABEL);
    double error = label - row.getDouble(PREDICTION);
    double apart = label - center;
    terms.add(SQUARES, weight * error * error);
    terms.add(ABSOLUTE, weight * Math.abs(error));
    terms.add(RELATIVE, weight * (Math.abs(error) / Math.max(Math.abs(label), Math.ulp(1.0))));
    terms.add(LABELS, weight * apart);
    terms.add(LABEL_SQUARES, weight * apart * apart);
    for (int i = 0; i < quantiles.size(); i++) {
      double quantile = quantiles.get(i);
      terms.add(PINBALLS + i, weight * Math.max(quantile * error, (quantile - 1) * error));
    }
  }

  @Override
  public Map<String, Double> metrics(Totals totals) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("rmse", Math.sqrt(totals.mean(SQUARES)));
    metrics.put("mse", totals.mean(SQUARES));
    metrics.put("mae", totals.mean(ABSOLUTE));
    metrics.put("r2", r2(totals));
    metrics.put("mape", totals.mean(RELATIVE));
    for (int i = 0; i < quantiles.size(); i++) {
      metrics.put("pinball-" + quantiles.get(i), totals.mean(PINBALLS + i));
    }
    return metrics;
  }

  /** Of sums around 0. */
  static double meanLabel(Totals totals) {
    return totals.mean(LABELS);
  }

  /** NaN where all labels are alike. */
  private static double r2(Totals totals) {
    double spread = totals.at(LABEL_SQUARES) - totals.at(LABELS) * totals.mean(LABELS);
    return spread > 0 ? 1 - totals.at(SQUARES) / spread : Double.NaN;
  }
}
