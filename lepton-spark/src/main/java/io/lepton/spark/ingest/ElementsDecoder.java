package io.lepton.spark.ingest;

import io.lepton.spark.data.Missing;
import io.lepton.spark.ingest.ElementWriter.Verdict;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.Platform;

/** Many numbers of one cell into a column. */
abstract class ElementsDecoder extends ColumnDecoder {
  private static final int EXPONENT = 0x7f800000;
  private static final long EXPONENTS = 0x7f8000007f800000L;
  private static final long ONES = 0x0080000000800000L;
  private static final long OVERFLOWS = 0x8000000080000000L;

  private final ElementWriter writer;
  private final int width;

  ElementsDecoder(
      String name, int source, int column, Missing missing, ElementWriter writer, int width) {
    super(name, source, column, missing);
    this.writer = writer;
    this.width = width;
  }

  final ElementWriter writer() {
    return writer;
  }

  /** Elements of an example. */
  final int width() {
    return width;
  }

  final long addressOf(long address, int element) {
    return address + (long) element * writer.bytes();
  }

  /** Writes an element out of an ordinal of cells; false if the row is refused. */
  final boolean element(
      SpecializedGetters cells, int ordinal, int element, long address, CellLog log, int row) {
    if (cells.isNullAt(ordinal)) {
      return missingElement(Rule.NOT_NULL, "null", element, address, log, row);
    }
    Verdict verdict = writer.write(cells, ordinal, addressOf(address, element));
    return verdict == Verdict.STORED
        || tell(verdict, writer.from().text(cells, ordinal), element, address, log, row);
  }

  private boolean tell(
      Verdict verdict, String value, int element, long address, CellLog log, int row) {
    if (verdict == Verdict.MISSING) {
      return missingElement(writer.rule().text(), value, element, address, log, row);
    }
    String rule = verdict == Verdict.TOO_LARGE ? Rule.FITS_FLOAT32 : writer.rule().text();
    reject(log, row, rule, "%s at element %d".formatted(value, element));
    return false;
  }

  private boolean missingElement(
      String rule, String value, int element, long address, CellLog log, int row) {
    if (missing() == Missing.FAIL) {
      reject(log, row, rule, "%s at element %d".formatted(value, element));
      return false;
    }
    if (missing() != Missing.DROP_ROW) {
      log.fill(name(), row);
    }
    fillElement(address, element);
    return true;
  }

  /** Writes what stands for a missing element. */
  void fillElement(long address, int element) {
    writer.fill(addressOf(address, element));
  }

  /** Takes over floats of one kind as they are; those that are not finite are looked at again. */
  final void copy(Object base, long from, int count, long address, CellLog log, int row) {
    Platform.copyMemory(base, from, null, address, (long) count * writer.bytes());
    boolean floats = writer.bytes() == Float.BYTES;
    if (floats ? floatsFinite(address, count) : doublesFinite(address, count)) {
      return;
    }
    for (int i = 0; i < count; i++) {
      long at = addressOf(address, i);
      double value = floats ? Platform.getFloat(null, at) : Platform.getDouble(null, at);
      if (!Double.isFinite(value)
          && !missingElement(writer.rule().text(), Double.toString(value), i, address, log, row)) {
        return;
      }
    }
  }

  // An exponent of all ones overflows into the sign when one is added to it.
  private static boolean floatsFinite(long address, int count) {
    long overflows = 0;
    int pairs = count / 2;
    for (int i = 0; i < pairs; i++) {
      overflows |= (Platform.getLong(null, address + (long) Long.BYTES * i) & EXPONENTS) + ONES;
    }
    boolean last =
        count % 2 == 1
            && (Platform.getInt(null, address + (long) Long.BYTES * pairs) & EXPONENT) == EXPONENT;
    return (overflows & OVERFLOWS) == 0 && !last;
  }

  private static boolean doublesFinite(long address, int count) {
    boolean finite = true;
    for (int i = 0; i < count; i++) {
      finite &= Double.isFinite(Platform.getDouble(null, address + (long) Double.BYTES * i));
    }
    return finite;
  }

  @Override
  void fill(long address) {
    for (int i = 0; i < width; i++) {
      fillElement(address, i);
    }
  }

  /** Whether any of some cells is null or not finite. */
  final boolean anyMissing(SpecializedGetters cells, int count) {
    for (int i = 0; i < count; i++) {
      if (cells.isNullAt(i) || writer.isMissing(cells, i)) {
        return true;
      }
    }
    return false;
  }
}
