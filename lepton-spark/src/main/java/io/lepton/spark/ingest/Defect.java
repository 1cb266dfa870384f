package io.lepton.spark.ingest;

import java.io.Serializable;

/**
 * Rows of one column that break one rule.
 *
 * @param column of the source
 * @param rule that is broken
 * @param rows how many
 * @param partition of the scan that holds the sample
 * @param row of the sample within its partition, from 0
 * @param value of the sample, as text
 */
public record Defect(String column, String rule, long rows, int partition, long row, String value)
    implements Serializable {

  Defect plus(Defect other) {
    boolean first =
        partition < other.partition || (partition == other.partition && row <= other.row);
    Defect sample = first ? this : other;
    return new Defect(column, rule, rows + other.rows, sample.partition, sample.row, sample.value);
  }

  @Override
  public String toString() {
    return "column '%s': %s; %s that, first row %d of partition %d with %s"
        .formatted(
            column, rule, rows == 1 ? "1 row breaks" : rows + " rows break", row, partition, value);
  }
}
