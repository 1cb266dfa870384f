package io.lepton.spark.ingest;

import io.lepton.arrow.ElementType;
import io.lepton.spark.data.Missing;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.Platform;

/** An array of numbers of one length into a column. */
final class ArrayDecoder extends ColumnDecoder {
  private final NumberType from;
  private final ElementType to;
  private final int width;
  private final Rule rule;

  ArrayDecoder(
      String name, int source, int column, NumberType from, ElementType to, int width, Rule rule) {
    super(name, source, column, Missing.FAIL);
    this.from = from;
    this.to = to;
    this.width = width;
    this.rule = rule;
  }

  @Override
  void decodeVector(ColumnVector vector, int start, int count, long[] addresses, CellLog log) {
    if (from != NumberType.FLOAT
        || to != ElementType.FLOAT32
        || !(vector instanceof WritableColumnVector lists)
        || !(lists.getChild(0) instanceof OffHeapColumnVector child)
        || child.hasDictionary()
        || child.hasNull()) {
      super.decodeVector(vector, start, count, addresses, log);
      return;
    }
    for (int i = 0; i < count; i++) {
      int at = start + i;
      if (vector.isNullAt(at)) {
        reject(log, i, Rule.NOT_NULL, "null");
      } else if (hasWidth(lists.getArrayLength(at), log, i)) {
        long address = addresses[i];
        Platform.copyMemory(
            null,
            child.valuesNativeAddress() + (long) Float.BYTES * lists.getArrayOffset(at),
            null,
            address,
            (long) Float.BYTES * width);
        checkFloats(address, log, i);
      }
    }
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    ArrayData array = cells.getArray(ordinal);
    if (!hasWidth(array.numElements(), log, row)) {
      return;
    }
    if (from == NumberType.FLOAT
        && to == ElementType.FLOAT32
        && array instanceof UnsafeArrayData unsafe
        && !hasNull(unsafe)) {
      Platform.copyMemory(
          unsafe.getBaseObject(),
          unsafe.getBaseOffset() + UnsafeArrayData.calculateHeaderPortionInBytes(width),
          null,
          address,
          (long) Float.BYTES * width);
      checkFloats(address, log, row);
      return;
    }
    for (int i = 0; i < width; i++) {
      if (array.isNullAt(i)) {
        reject(log, row, Rule.NOT_NULL, "null at element " + i);
        return;
      }
      if (!NumberDecoder.put(from, to, rule, array, i, address + (long) i * to.bytes())) {
        reject(log, row, rule.text(), "%s at element %d".formatted(from.real(array, i), i));
        return;
      }
    }
  }

  @Override
  void fill(long address) {}

  private boolean hasWidth(int length, CellLog log, int row) {
    if (length != width) {
      reject(
          log,
          row,
          "arrays must have %d elements".formatted(width),
          "%d elements".formatted(length));
    }
    return length == width;
  }

  private void checkFloats(long address, CellLog log, int row) {
    for (int i = 0; i < width; i++) {
      float value = Platform.getFloat(null, address + (long) i * Float.BYTES);
      if (!Float.isFinite(value)) {
        reject(log, row, rule.text(), "%s at element %d".formatted(value, i));
        return;
      }
    }
  }

  private static boolean hasNull(UnsafeArrayData array) {
    for (int i = 0; i < array.numElements(); i++) {
      if (array.isNullAt(i)) {
        return true;
      }
    }
    return false;
  }
}
