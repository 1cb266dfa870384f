package io.lepton.spark.ingest;

import io.lepton.arrow.ElementType;
import io.lepton.spark.data.Missing;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.Platform;

/** A number into one element of a column. */
final class NumberDecoder extends ColumnDecoder {
  private final NumberType from;
  private final ElementType to;
  private final int elementOffset;
  private final Rule rule;

  /** Writes the element of that index. */
  NumberDecoder(
      String name,
      int source,
      int column,
      NumberType from,
      ElementType to,
      int element,
      Rule rule) {
    super(name, source, column, Missing.FAIL);
    this.from = from;
    this.to = to;
    this.elementOffset = element * to.bytes();
    this.rule = rule;
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    if (!put(from, to, rule, cells, ordinal, address + elementOffset)) {
      Object value =
          from.integral() ? (Object) from.integer(cells, ordinal) : from.real(cells, ordinal);
      reject(log, row, rule.text(), String.valueOf(value));
    }
  }

  @Override
  void fill(long address) {}

  /** Writes a number if the rule allows it. */
  static boolean put(
      NumberType from,
      ElementType to,
      Rule rule,
      SpecializedGetters cells,
      int ordinal,
      long address) {
    double value = from.real(cells, ordinal);
    if (!rule.allows(value)) {
      return false;
    }
    switch (to) {
      case FLOAT32 -> {
        float narrow = (float) value;
        Platform.putFloat(null, address, narrow);
        return Float.isFinite(narrow);
      }
      case FLOAT64 -> Platform.putDouble(null, address, value);
      case INT32 -> Platform.putInt(null, address, (int) value);
      case INT64 ->
          Platform.putLong(
              null, address, from.integral() ? from.integer(cells, ordinal) : (long) value);
      case UINT8, BOOL -> Platform.putByte(null, address, (byte) (int) value);
    }
    return true;
  }
}
