package io.lepton.spark.evaluation;

import java.io.Serializable;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;

/** Metrics that follow from sums over rows. */
interface Tally extends Serializable {
  /** Number of sums, without rows and weight. */
  int size();

  /**
   * Adds what a row is worth.
   *
   * @param row as {@link Examples} lays it out
   * @param weight of the row
   */
  void count(InternalRow row, double weight, Terms terms);

  /** The metrics, always the same ones; NaN where one has no value. */
  Map<String, Double> metrics(Totals totals);
}
