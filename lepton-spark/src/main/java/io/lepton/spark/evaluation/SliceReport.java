package io.lepton.spark.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What predictions are worth on some rows.
 *
 * @param column the rows were chosen by; empty for all rows
 * @param value of that column
 * @param rows their number
 * @param weight of them all
 * @param metrics by name, in an order to read them in
 */
public record SliceReport(
    String column, String value, long rows, double weight, Map<String, Estimate> metrics) {
  public SliceReport {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** The value of a metric. */
  public double value(String metric) {
    Estimate estimate = metrics.get(metric);
    if (estimate == null) {
      throw new IllegalArgumentException(
          "a metric must be one of %s, but was: %s"
              .formatted(String.join(", ", metrics.keySet()), metric));
    }
    return estimate.value();
  }
}
