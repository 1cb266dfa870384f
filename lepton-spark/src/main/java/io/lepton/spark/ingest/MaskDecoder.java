package io.lepton.spark.ingest;

import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.Missing;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.Platform;

/**
 * Which steps of a sequence were there, as uint8. What is wrong with the array is told by the
 * sequence's own decoder.
 */
final class MaskDecoder extends ColumnDecoder {
  private final InputKind.Sequence sequence;
  private final ElementWriter writer;

  /**
   * A decoder.
   *
   * @param from the type of the array's elements
   */
  MaskDecoder(String name, int source, int column, NumberType from, InputKind.Sequence sequence) {
    super(name, source, column, Missing.FILL);
    this.sequence = sequence;
    this.writer = new ElementWriter(from, sequence.type(), Rule.of(sequence.type()), 0);
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    ArrayData array = cells.getArray(ordinal);
    int steps = Math.min(array.numElements() / sequence.width(), sequence.length());
    for (int step = 0; step < sequence.length(); step++) {
      boolean there =
          step < steps
              && !(sequence.missing() == Missing.MASK
                  && SequenceDecoder.stepIsMissing(writer, sequence.width(), array, step));
      Platform.putByte(null, address + step, (byte) (there ? 1 : 0));
    }
  }

  @Override
  void absent(long address, CellLog log, int row) {
    fill(address);
  }

  @Override
  void fill(long address) {
    Platform.setMemory(null, address, sequence.length(), (byte) 0);
  }
}
