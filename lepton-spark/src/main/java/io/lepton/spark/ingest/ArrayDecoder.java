package io.lepton.spark.ingest;

import io.lepton.spark.data.Missing;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.bitset.BitSetMethods;

/** An array of numbers of one length into a column. */
final class ArrayDecoder extends ElementsDecoder {
  ArrayDecoder(
      String name, int source, int column, Missing missing, ElementWriter writer, int width) {
    super(name, source, column, missing, writer, width);
  }

  @Override
  void decodeVector(ColumnVector vector, int from, int count, long[] addresses, CellLog log) {
    long floats =
        copies() && vector instanceof WritableColumnVector lists && !lists.getChild(0).hasNull()
            ? NumberVector.address(lists.getChild(0))
            : 0;
    if (floats == 0) {
      super.decodeVector(vector, from, count, addresses, log);
      return;
    }
    WritableColumnVector lists = (WritableColumnVector) vector;
    for (int i = 0; i < count; i++) {
      int at = from + i;
      if (vector.isNullAt(at)) {
        absent(addresses[i], log, i);
      } else if (hasWidth(lists.getArrayLength(at), log, i)) {
        copy(null, addressOf(floats, lists.getArrayOffset(at)), width(), addresses[i], log, i);
      }
    }
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    ArrayData array = cells.getArray(ordinal);
    if (!hasWidth(array.numElements(), log, row)) {
      return;
    }
    if (copies() && array instanceof UnsafeArrayData unsafe && !hasNull(unsafe)) {
      int header = UnsafeArrayData.calculateHeaderPortionInBytes(width());
      copy(unsafe.getBaseObject(), unsafe.getBaseOffset() + header, width(), address, log, row);
      return;
    }
    for (int i = 0; i < width(); i++) {
      if (!element(array, i, i, address, log, row)) {
        return;
      }
    }
  }

  @Override
  boolean isMissing(SpecializedGetters cells, int ordinal) {
    if (cells.isNullAt(ordinal)) {
      return true;
    }
    ArrayData array = cells.getArray(ordinal);
    return anyMissing(array, array.numElements());
  }

  private boolean copies() {
    return writer().copies(NumberType.Kind.FLOAT) || writer().copies(NumberType.Kind.DOUBLE);
  }

  private boolean hasWidth(int length, CellLog log, int row) {
    if (length != width()) {
      reject(log, row, "arrays must have %d elements".formatted(width()), length + " elements");
    }
    return length == width();
  }

  /** Looks at the bits of all elements, which lie between their number and the elements. */
  private static boolean hasNull(UnsafeArrayData array) {
    int words = (array.numElements() + Long.SIZE - 1) / Long.SIZE;
    return BitSetMethods.anySet(array.getBaseObject(), array.getBaseOffset() + Long.BYTES, words);
  }
}
