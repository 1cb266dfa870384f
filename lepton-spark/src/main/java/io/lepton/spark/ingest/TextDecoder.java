package io.lepton.spark.ingest;

import io.lepton.spark.data.InputKind;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Text as the int32 ids of its first words, padded with 0. */
final class TextDecoder extends ColumnDecoder {
  private final int length;
  private final boolean lowerCase;
  private final TextIds ids;
  private transient WordCutter cutter;

  TextDecoder(String name, int source, int column, InputKind.Text text, TextIds ids) {
    super(name, source, column, text.missing());
    this.length = text.length();
    this.lowerCase = text.lowerCase();
    this.ids = ids;
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    UTF8String text = cells.getUTF8String(ordinal);
    if (!text.isValid()) {
      reject(log, row, Rule.UTF8, InvalidText.show(text));
      return;
    }
    if (cutter == null) {
      cutter = new WordCutter(lowerCase);
    }
    cutter.start(text);
    int count = 0;
    while (count < length) {
      UTF8String word = cutter.next();
      if (word == null) {
        break;
      }
      Platform.putInt(null, address + (long) Integer.BYTES * count++, ids.id(word));
    }
    pad(address, count);
  }

  private void pad(long address, int from) {
    long start = (long) Integer.BYTES * from;
    Platform.setMemory(null, address + start, (long) Integer.BYTES * length - start, (byte) 0);
  }

  @Override
  void fill(long address) {
    pad(address, 0);
  }
}
