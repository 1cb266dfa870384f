package io.lepton.spark.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What predictions are worth.
 *
 * @param all rows
 * @param slices of them
 * @param details of classes; empty for numbers and rankings
 */
public record EvaluationReport(
    SliceReport all, List<SliceReport> slices, Optional<ClassDetails> details) {
  public EvaluationReport {
    slices = List.copyOf(slices);
  }

  /** Plain values, as they go into a file of JSON; null for what is no finite number. */
  public Map<String, Object> fields() {
    return ReportFields.of(this);
  }

  /** Aligned lines of plain text. */
  public List<String> lines() {
    return ReportTable.lines(this);
  }
}
