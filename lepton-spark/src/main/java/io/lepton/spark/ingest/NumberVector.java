package io.lepton.spark.ingest;

import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.unsafe.Platform;

/** Runs of numbers out of a column vector, without a call for each where memory allows it. */
final class NumberVector {
  private NumberVector() {}

  /** Address of the values, one after the other as they are; 0 if they do not lie so. */
  static long address(ColumnVector vector) {
    return vector instanceof OffHeapColumnVector memory
            && !memory.hasDictionary()
            && !memory.isAllNull()
        ? memory.valuesNativeAddress()
        : 0;
  }

  /** Reads values as doubles, NaN where there is a null. */
  static void read(NumberType type, ColumnVector vector, int from, int count, double[] values) {
    long address = address(vector);
    if (address == 0 || type.kind() == NumberType.Kind.DECIMAL) {
      readCells(type, new ColumnarArray(vector, from, count), count, values);
    } else {
      readMemory(type, address, from, count, values);
      if (vector.hasNull()) {
        for (int i = 0; i < count; i++) {
          if (vector.isNullAt(from + i)) {
            values[i] = Double.NaN;
          }
        }
      }
    }
  }

  private static void readCells(NumberType type, ColumnarArray cells, int count, double[] values) {
    for (int i = 0; i < count; i++) {
      values[i] = cells.isNullAt(i) ? Double.NaN : type.real(cells, i);
    }
  }

  private static void readMemory(
      NumberType type, long address, int from, int count, double[] values) {
    switch (type.kind()) {
      case FLOAT -> {
        long at = address + (long) Float.BYTES * from;
        for (int i = 0; i < count; i++) {
          values[i] = Platform.getFloat(null, at + (long) Float.BYTES * i);
        }
      }
      case DOUBLE -> {
        long at = address + (long) Double.BYTES * from;
        for (int i = 0; i < count; i++) {
          values[i] = Platform.getDouble(null, at + (long) Double.BYTES * i);
        }
      }
      case INT -> {
        long at = address + (long) Integer.BYTES * from;
        for (int i = 0; i < count; i++) {
          values[i] = Platform.getInt(null, at + (long) Integer.BYTES * i);
        }
      }
      case LONG, MICROSECONDS -> {
        double unit = type.kind() == NumberType.Kind.LONG ? 1 : 1e6;
        long at = address + (long) Long.BYTES * from;
        for (int i = 0; i < count; i++) {
          values[i] = Platform.getLong(null, at + (long) Long.BYTES * i) / unit;
        }
      }
      case SHORT -> {
        long at = address + (long) Short.BYTES * from;
        for (int i = 0; i < count; i++) {
          values[i] = Platform.getShort(null, at + (long) Short.BYTES * i);
        }
      }
      case BOOLEAN, BYTE -> {
        long at = address + from;
        for (int i = 0; i < count; i++) {
          values[i] = Platform.getByte(null, at + i);
        }
      }
      case DECIMAL -> throw new IllegalStateException("decimals are read cell by cell");
    }
  }
}
