package io.lepton.spark.ingest;

import io.lepton.spark.data.Missing;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/**
 * Writes cells of one source column into a column of a shard, straight to the address of each
 * example. A task has its own copy: a decoder may keep scratch memory, not shared between threads.
 */
abstract class ColumnDecoder implements Serializable {
  private final String name;
  private final int source;
  private final int column;
  private final Missing missing;

  /**
   * A decoder.
   *
   * @param name of the source column
   * @param source its place among the columns scanned
   * @param column of the shard
   * @param missing what to do with missing values
   */
  ColumnDecoder(String name, int source, int column, Missing missing) {
    this.name = name;
    this.source = source;
    this.column = column;
    this.missing = missing;
  }

  final String name() {
    return name;
  }

  final int source() {
    return source;
  }

  final int column() {
    return column;
  }

  final Missing missing() {
    return missing;
  }

  /** Whether rows may be left out because of this column. */
  final boolean mayDrop() {
    return missing == Missing.DROP_ROW;
  }

  /** Decodes a cell of a row to the address of its example. */
  final void decodeRow(SpecializedGetters row, long address, CellLog log) {
    decodeCell(row, source, address, log, 0);
  }

  /**
   * Decodes {@code count} rows of a vector from row {@code from} on.
   *
   * @param addresses of the example of each row
   */
  void decodeVector(ColumnVector vector, int from, int count, long[] addresses, CellLog log) {
    ColumnarArray cells = new ColumnarArray(vector, from, count);
    for (int i = 0; i < count; i++) {
      decodeCell(cells, i, addresses[i], log, i);
    }
  }

  /** Marks a row that is to be left out if its cell is missing. */
  final void markDropped(SpecializedGetters cells, int ordinal, int row, CellLog log) {
    if (isMissing(cells, ordinal)) {
      log.drop(name, row);
    }
  }

  /** Whether a cell is null or, among numbers, not finite. */
  boolean isMissing(SpecializedGetters cells, int ordinal) {
    return cells.isNullAt(ordinal);
  }

  /** Decodes a cell that is not null; of those that are not finite it takes care itself. */
  abstract void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row);

  /** Writes what stands for a missing cell. */
  abstract void fill(long address);

  /** Deals with a cell that is null. */
  void absent(long address, CellLog log, int row) {
    missing(address, log, row, Rule.NOT_NULL, "null");
  }

  /**
   * Deals with a missing cell as it was asked for.
   *
   * @param rule that it breaks if none may be missing
   * @param value as text
   */
  final void missing(long address, CellLog log, int row, String rule, String value) {
    switch (missing) {
      case FAIL -> log.reject(name, rule, row, value);
      case FILL, MASK -> {
        log.fill(name, row);
        fill(address);
      }
      case DROP_ROW -> fill(address);
    }
  }

  final void reject(CellLog log, int row, String rule, String value) {
    log.reject(name, rule, row, value);
  }

  /** Decodes a cell, null or not, to the address of its example. */
  final void decodeCell(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    if (cells.isNullAt(ordinal)) {
      absent(address, log, row);
    } else {
      decode(cells, ordinal, address, log, row);
    }
  }
}
