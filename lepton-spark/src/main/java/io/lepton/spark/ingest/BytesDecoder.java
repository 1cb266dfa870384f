package io.lepton.spark.ingest;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.Platform;

/** Binary of one length into a uint8 column. */
final class BytesDecoder extends ColumnDecoder {
  private final int width;

  BytesDecoder(String name, int source, int column, int width) {
    super(name, source, column);
    this.width = width;
  }

  @Override
  void decodeVector(ColumnVector vector, int start, int count, Slots slots, DefectLog log) {
    if (!(vector instanceof WritableColumnVector binaries)
        || binaries.hasDictionary()
        || !(binaries.arrayData() instanceof OffHeapColumnVector child)) {
      super.decodeVector(vector, start, count, slots, log);
      return;
    }
    for (int i = 0; i < count; i++) {
      int at = start + i;
      if (vector.isNullAt(at)) {
        reject(log, i, Rule.NOT_NULL, "null");
      } else if (hasWidth(binaries.getArrayLength(at), log, i)) {
        Platform.copyMemory(
            null,
            child.valuesNativeAddress() + binaries.getArrayOffset(at),
            slots.bytes(i),
            slots.offset(i, column()),
            width);
      }
    }
  }

  @Override
  void decode(
      SpecializedGetters cells, int ordinal, byte[] bytes, long offset, DefectLog log, int row) {
    byte[] value = cells.getBinary(ordinal);
    if (hasWidth(value.length, log, row)) {
      Platform.copyMemory(value, Platform.BYTE_ARRAY_OFFSET, bytes, offset, width);
    }
  }

  private boolean hasWidth(int length, DefectLog log, int row) {
    if (length != width) {
      reject(log, row, "binary must have %d bytes".formatted(width), length + " bytes");
    }
    return length == width;
  }
}
