package io.lepton.spark.ingest;

import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.Missing;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** An array of any length into a column of so many steps, cut or padded. */
final class SequenceDecoder extends ElementsDecoder {
  private final InputKind.Sequence sequence;

  /**
   * A decoder.
   *
   * @param from the type of the array's elements
   */
  SequenceDecoder(
      String name, int source, int column, NumberType from, InputKind.Sequence sequence) {
    super(
        name,
        source,
        column,
        sequence.missing(),
        new ElementWriter(from, sequence.type(), Rule.of(sequence.type()), sequence.padding()),
        sequence.length() * sequence.width());
    this.sequence = sequence;
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    ArrayData array = cells.getArray(ordinal);
    int elements = array.numElements();
    if (elements % sequence.width() != 0) {
      reject(
          log,
          row,
          "arrays must have a multiple of %d elements".formatted(sequence.width()),
          elements + " elements");
      return;
    }
    int steps = Math.min(elements / sequence.width(), sequence.length());
    for (int step = 0; step < steps; step++) {
      if (isPadding(array, step)) {
        pad(address, step);
        log.fill(name(), row);
        continue;
      }
      for (int i = step * sequence.width(); i < (step + 1) * sequence.width(); i++) {
        if (!element(array, i, i, address, log, row)) {
          return;
        }
      }
    }
    for (int step = steps; step < sequence.length(); step++) {
      pad(address, step);
    }
  }

  private boolean isPadding(ArrayData array, int step) {
    return missing() == Missing.MASK && stepIsMissing(writer(), sequence.width(), array, step);
  }

  /** Whether an element of a step is null or not finite. */
  static boolean stepIsMissing(ElementWriter writer, int width, ArrayData array, int step) {
    for (int i = step * width; i < (step + 1) * width; i++) {
      if (array.isNullAt(i) || writer.isMissing(array, i)) {
        return true;
      }
    }
    return false;
  }

  private void pad(long address, int step) {
    for (int i = step * sequence.width(); i < (step + 1) * sequence.width(); i++) {
      fillElement(address, i);
    }
  }

  @Override
  void fillElement(long address, int element) {
    writer().write(sequence.padding(), addressOf(address, element));
  }

  @Override
  boolean isMissing(SpecializedGetters cells, int ordinal) {
    if (cells.isNullAt(ordinal)) {
      return true;
    }
    ArrayData array = cells.getArray(ordinal);
    return anyMissing(array, Math.min(array.numElements(), width()));
  }
}
