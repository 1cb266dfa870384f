package io.lepton.spark.ingest;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.types.UTF8String;

/** Counts of the categories of a column. */
final class CategoryTally extends CountTally {
  private final TextReader reader;

  CategoryTally(String column, TextReader reader, int most) {
    super(column, most);
    this.reader = reader;
  }

  @Override
  void add(SpecializedGetters cells, int ordinal) {
    UTF8String text = reader.read(cells, ordinal);
    if (text.isValid()) {
      count(text);
    }
  }
}
