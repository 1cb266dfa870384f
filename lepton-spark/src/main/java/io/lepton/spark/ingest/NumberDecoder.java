package io.lepton.spark.ingest;

import io.lepton.arrow.ElementType;
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
    super(name, source, column);
    this.from = from;
    this.to = to;
    this.elementOffset = element * to.bytes();
    this.rule = rule;
  }

  @Override
  void decode(
      SpecializedGetters cells, int ordinal, byte[] bytes, long offset, DefectLog log, int row) {
    if (!put(from, to, rule, cells, ordinal, bytes, offset + elementOffset)) {
      Object value =
          from.integral() ? (Object) from.integer(cells, ordinal) : from.real(cells, ordinal);
      reject(log, row, rule.text(), String.valueOf(value));
    }
  }

  /** Writes a number if the rule allows it. */
  static boolean put(
      NumberType from,
      ElementType to,
      Rule rule,
      SpecializedGetters cells,
      int ordinal,
      byte[] bytes,
      long offset) {
    double value = from.real(cells, ordinal);
    if (!rule.allows(value)) {
      return false;
    }
    switch (to) {
      case FLOAT32 -> {
        float narrow = (float) value;
        Platform.putFloat(bytes, offset, narrow);
        return Float.isFinite(narrow);
      }
      case FLOAT64 -> Platform.putDouble(bytes, offset, value);
      case INT32 -> Platform.putInt(bytes, offset, (int) value);
      case INT64 ->
          Platform.putLong(
              bytes, offset, from.integral() ? from.integer(cells, ordinal) : (long) value);
      case UINT8, BOOL -> Platform.putByte(bytes, offset, (byte) (int) value);
    }
    return true;
  }
}
