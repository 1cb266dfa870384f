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
  private final Rule rule;

  /**
   * A decoder.
   *
   * @param rule that every byte has to keep
   */
  BytesDecoder(String name, int source, int column, Missing missing, int width, Rule rule) {
    super(name, source, column, missing);
    this.width = width;
    this.rule = rule;
  }

  @Override
  void decodeVector(ColumnVector vector, int from, int count, long[] addresses, CellLog log) {
    if (!(vector instanceof WritableColumnVector binaries)
        || binaries.hasDictionary()
        || !(binaries.arrayData() instanceof OffHeapColumnVector bytes)) {
      super.decodeVector(vector, from, count, addresses, log);
      return;
    }
    for (int i = 0; i < count; i++) {
      int at = from + i;
      if (vector.isNullAt(at)) {
        absent(addresses[i], log, i);
      } else {
        long start = bytes.valuesNativeAddress() + binaries.getArrayOffset(at);
        copy(null, start, binaries.getArrayLength(at), addresses[i], log, i);
      }
    }
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    byte[] bytes = cells.getBinary(ordinal);
    copy(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length, address, log, row);
  }

  private void copy(Object base, long from, int length, long address, CellLog log, int row) {
    if (length != width) {
      reject(log, row, "binary must have %d bytes".formatted(width), length + " bytes");
      return;
    }
    Platform.copyMemory(base, from, null, address, width);
    if (rule.max() < 255) {
      check(address, log, row);
    }
  }

  private void check(long address, CellLog log, int row) {
    for (int i = 0; i < width; i++) {
      int value = Platform.getByte(null, address + i) & 0xff;
      if (!rule.allows(value)) {
        reject(log, row, rule.text(), "%d at element %d".formatted(value, i));
        return;
      }
    }
  }

  @Override
  void fill(long address) {
    Platform.setMemory(null, address, width, (byte) 0);
  }
}
