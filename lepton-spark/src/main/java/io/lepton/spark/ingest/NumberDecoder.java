package io.lepton.spark.ingest;

import io.lepton.spark.data.Missing;
import io.lepton.spark.ingest.ElementWriter.Verdict;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.Platform;

/** A number into one element of a column. */
final class NumberDecoder extends ColumnDecoder {
  private static final int EXPONENT = 0x7f800000;

  private final ElementWriter writer;
  private final long offset;
  private transient double[] values;

  /** Writes the element of that index. */
  NumberDecoder(
      String name, int source, int column, Missing missing, ElementWriter writer, int element) {
    super(name, source, column, missing);
    this.writer = writer;
    this.offset = (long) element * writer.bytes();
  }

  @Override
  void decodeVector(ColumnVector vector, int from, int count, long[] addresses, CellLog log) {
    if (!writer.real()) {
      super.decodeVector(vector, from, count, addresses, log);
      return;
    }
    long address = NumberVector.address(vector);
    if (address != 0 && !vector.hasNull() && writer.copies(NumberType.Kind.FLOAT)) {
      copyFloats(address + (long) Float.BYTES * from, count, addresses, log);
    } else {
      convert(vector, from, count, addresses, log);
    }
  }

  private void copyFloats(long floats, int count, long[] addresses, CellLog log) {
    for (int i = 0; i < count; i++) {
      int bits = Platform.getInt(null, floats + (long) Float.BYTES * i);
      Platform.putInt(null, addresses[i] + offset, bits);
      if ((bits & EXPONENT) == EXPONENT) {
        String text = Float.toString(Float.intBitsToFloat(bits));
        missing(addresses[i], log, i, writer.rule().text(), text);
      }
    }
  }

  private void convert(ColumnVector vector, int from, int count, long[] addresses, CellLog log) {
    if (values == null || values.length < count) {
      values = new double[count];
    }
    NumberVector.read(writer.from(), vector, from, count, values);
    for (int i = 0; i < count; i++) {
      Verdict verdict = writer.write(values[i], addresses[i] + offset);
      if (verdict != Verdict.STORED) {
        if (vector.isNullAt(from + i)) {
          missing(addresses[i], log, i, Rule.NOT_NULL, "null");
        } else {
          tell(verdict, Double.toString(values[i]), addresses[i], log, i);
        }
      }
    }
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    Verdict verdict = writer.write(cells, ordinal, address + offset);
    if (verdict != Verdict.STORED) {
      tell(verdict, writer.from().text(cells, ordinal), address, log, row);
    }
  }

  private void tell(Verdict verdict, String value, long address, CellLog log, int row) {
    switch (verdict) {
      case MISSING -> missing(address, log, row, writer.rule().text(), value);
      case REFUSED -> reject(log, row, writer.rule().text(), value);
      case TOO_LARGE -> reject(log, row, Rule.FITS_FLOAT32, value);
      case STORED -> throw new IllegalStateException("nothing to tell of " + value);
    }
  }

  @Override
  boolean isMissing(SpecializedGetters cells, int ordinal) {
    return cells.isNullAt(ordinal) || writer.isMissing(cells, ordinal);
  }

  @Override
  void fill(long address) {
    writer.fill(address + offset);
  }
}
