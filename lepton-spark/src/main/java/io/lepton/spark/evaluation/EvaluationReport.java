package io.lepton.spark.evaluation;

import java.util.List;
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
}
