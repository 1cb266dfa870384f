package io.lepton.spark.ingest;

import io.lepton.spark.data.Missing;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** A category as the int32 id of its text; a missing one has the id of the empty text. */
final class CategoryDecoder extends ColumnDecoder {
  private final TextReader reader;
  private final TextIds ids;
  private final long offset;

  /** Writes the element of that index. */
  CategoryDecoder(
      String name,
      int source,
      int column,
      Missing missing,
      TextReader reader,
      TextIds ids,
      int element) {
    super(name, source, column, missing);
    this.reader = reader;
    this.ids = ids;
    this.offset = (long) element * Integer.BYTES;
  }

  @Override
  void decode(SpecializedGetters cells, int ordinal, long address, CellLog log, int row) {
    UTF8String text = reader.read(cells, ordinal);
    if (text.isValid()) {
      Platform.putInt(null, address + offset, ids.id(text));
    } else {
      reject(log, row, Rule.UTF8, InvalidText.show(text));
    }
  }

  @Override
  void fill(long address) {
    Platform.putInt(null, address + offset, ids.id(UTF8String.EMPTY_UTF8));
  }
}
