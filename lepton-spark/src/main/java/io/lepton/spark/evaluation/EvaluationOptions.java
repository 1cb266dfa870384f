package io.lepton.spark.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What every evaluation may be told.
 *
 * @param weight column of example weights from 0 on; empty for weight 1
 * @param slices columns whose every value is evaluated by itself, too
 * @param bootstrap for intervals
 * @param row column that tells rows apart for the bootstrap; empty for a hash of all columns
 */
public record EvaluationOptions(
    Optional<String> weight, List<String> slices, Bootstrap bootstrap, Optional<String> row) {
  /** All rows with weight 1, no intervals. */
  public static final EvaluationOptions PLAIN =
      new EvaluationOptions(Optional.empty(), List.of(), Bootstrap.NONE, Optional.empty());

  public EvaluationOptions {
    slices = List.copyOf(slices);
  }

  /** With example weights. */
  public EvaluationOptions weightedBy(String column) {
    return new EvaluationOptions(Optional.of(column), slices, bootstrap, row);
  }

  /** With slices by these columns. */
  public EvaluationOptions slicedBy(List<String> columns) {
    return new EvaluationOptions(weight, columns, bootstrap, row);
  }

  /** With intervals. */
  public EvaluationOptions with(Bootstrap other) {
    return new EvaluationOptions(weight, slices, other, row);
  }

  /** With rows told apart by a column. */
  public EvaluationOptions identifiedBy(String column) {
    return new EvaluationOptions(weight, slices, bootstrap, Optional.of(column));
  }

  List<String> columns() {
    return Stream.of(weight.stream(), slices.stream(), row.stream()).flatMap(it -> it).toList();
  }
}
