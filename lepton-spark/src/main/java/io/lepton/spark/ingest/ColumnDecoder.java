package io.lepton.spark.ingest;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/** Writes cells of one source column into a column of blocks. */
abstract class ColumnDecoder implements Serializable {
  private final String name;
  private final int source;
  private final int column;

  /**
   * A decoder.
   *
   * @param name of the source column
   * @param source its place among the columns scanned
   * @param column of the block
   */
  ColumnDecoder(String name, int source, int column) {
    this.name = name;
    this.source = source;
    this.column = column;
  }

  int source() {
    return source;
  }

  int column() {
    return column;
  }

  /** Decodes a cell of a row. */
  final void decodeRow(SpecializedGetters row, Slots slots, DefectLog log) {
    decodeCell(row, source, slots, 0, log, 0);
  }

  /** Decodes {@code count} rows of a vector from row {@code from} on, into the first slots. */
  void decodeVector(ColumnVector vector, int from, int count, Slots slots, DefectLog log) {
    ColumnarArray cells = new ColumnarArray(vector, from, count);
    for (int i = 0; i < count; i++) {
      decodeCell(cells, i, slots, i, log, i);
    }
  }

  private void decodeCell(
      SpecializedGetters cells, int ordinal, Slots slots, int slot, DefectLog log, int row) {
    if (cells.isNullAt(ordinal)) {
      reject(log, row, Rule.NOT_NULL, "null");
    } else {
      decode(cells, ordinal, slots.bytes(slot), slots.offset(slot, column), log, row);
    }
  }

  /** Decodes a cell that is not null. */
  abstract void decode(
      SpecializedGetters cells, int ordinal, byte[] to, long offset, DefectLog log, int row);

  final void reject(DefectLog log, int row, String rule, String value) {
    log.reject(name, rule, row, value);
  }
}
