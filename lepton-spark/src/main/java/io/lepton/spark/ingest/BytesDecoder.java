package io.lepton.spark.ingest;

import io.lepton.spark.data.Missing;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.Platform;

/** Binary of one length into a uint8 column. */
final class BytesDecoder extends ColumnDecoder {
  private final int width;

  BytesDecoder(String name, int source, int column, int width) {
    super(name, source, column, Missing.FAIL);
    this.width = width;
  }

  @Override
  void decodeVector(ColumnVector vector, int start, int count, long[] addresses, CellLog log) {
    if (!(vector instanceof WritableColumnVector binaries)
        || binaries.hasDictionary()
        || !(binaries.arrayData() instanceof OffHeapColumnVector child)) {
      super.decodeVector(vector, start, count, addresses, log);
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
            null,
            addresses[i],
            width);
      }
    }
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    byte[] value = cells.getBinary(ordinal);
    if (hasWidth(value.length, log, row)) {
      Platform.copyMemory(value, Platform.BYTE_ARRAY_OFFSET, null, address, width);
    }
  }

  @Override
  void fill(long address) {}

  private boolean hasWidth(int length, CellLog log, int row) {
    if (length != width) {
      reject(log, row, "binary must have %d bytes".formatted(width), length + " bytes");
    }
    return length == width;
  }
}
