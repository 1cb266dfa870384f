package io.lepton.spark.ingest;

import io.lepton.spark.data.NumberOptions;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** Distributions of the elements of a column of vectors; those a sparse one leaves out are 0. */
final class VectorTally extends DistributionTally {
  private final int width;

  VectorTally(String column, NumberType type, List<NumberOptions> positions, int width) {
    super(column, type, positions);
    this.width = width;
  }

  @Override
  void add(SpecializedGetters cells, int ordinal) {
    InternalRow vector = cells.getStruct(ordinal, MlVector.FIELDS);
    if (MlVector.size(vector) != width) {
      return;
    }
    ArrayData values = MlVector.values(vector);
    if (!MlVector.isSparse(vector)) {
      for (int i = 0; i < width; i++) {
        add(i, values.getDouble(i));
      }
      return;
    }
    ArrayData indices = MlVector.indices(vector);
    int next = 0;
    for (int i = 0; i < width; i++) {
      boolean there = next < indices.numElements() && indices.getInt(next) == i;
      add(i, there ? values.getDouble(next++) : 0);
    }
  }
}
