package io.lepton.spark.ingest;

import io.lepton.spark.data.NumberOptions;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** The distribution of a column of numbers. */
final class ScalarTally extends DistributionTally {
  ScalarTally(String column, NumberType type, NumberOptions options) {
    super(column, type, List.of(options));
  }

  @Override
  void add(SpecializedGetters cells, int ordinal) {
    add(0, type().real(cells, ordinal));
  }
}
