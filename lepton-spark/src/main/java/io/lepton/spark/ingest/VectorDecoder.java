package io.lepton.spark.ingest;

import io.lepton.spark.data.Missing;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.Platform;

/** A vector of Spark ML, dense or sparse, of one size into a column. */
final class VectorDecoder extends ElementsDecoder {
  VectorDecoder(
      String name, int source, int column, Missing missing, ElementWriter writer, int width) {
    super(name, source, column, missing, writer, width);
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    InternalRow vector = cells.getStruct(ordinal, MlVector.FIELDS);
    int size = MlVector.size(vector);
    if (size != width()) {
      reject(log, row, "vectors must have size %d".formatted(width()), "size " + size);
      return;
    }
    ArrayData values = MlVector.values(vector);
    ArrayData indices = MlVector.isSparse(vector) ? MlVector.indices(vector) : null;
    if (indices != null) {
      Platform.setMemory(null, address, (long) width() * writer().bytes(), (byte) 0);
    }
    for (int i = 0; i < values.numElements(); i++) {
      int element = indices == null ? i : indices.getInt(i);
      if (!element(values, i, element, address, log, row)) {
        return;
      }
    }
  }

  @Override
  boolean isMissing(SpecializedGetters cells, int ordinal) {
    if (cells.isNullAt(ordinal)) {
      return true;
    }
    ArrayData values = MlVector.values(cells.getStruct(ordinal, MlVector.FIELDS));
    return anyMissing(values, values.numElements());
  }
}
