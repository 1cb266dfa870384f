package io.lepton.spark.ingest;

import io.lepton.spark.data.NumberOptions;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** Distributions of the elements of a column of arrays. */
final class ArrayTally extends DistributionTally {
  private final int width;

  ArrayTally(String column, NumberType type, List<NumberOptions> positions, int width) {
    super(column, type, positions);
    this.width = width;
  }

  @Override
  void add(SpecializedGetters cells, int ordinal) {
    ArrayData array = cells.getArray(ordinal);
    for (int i = 0; i < width && array.numElements() == width; i++) {
      if (!array.isNullAt(i)) {
        add(i, type().real(array, i));
      }
    }
  }
}
