package io.lepton.spark.ingest;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.types.UTF8String;

/** Counts of the words of a column of text. */
final class WordTally extends CountTally {
  private final boolean lowerCase;
  private transient WordCutter cutter;

  WordTally(String column, boolean lowerCase, int most) {
    super(column, most);
    this.lowerCase = lowerCase;
  }

  @Override
  void add(SpecializedGetters cells, int ordinal) {
    UTF8String text = cells.getUTF8String(ordinal);
    if (!text.isValid()) {
      return;
    }
    if (cutter == null) {
      cutter = new WordCutter(lowerCase);
    }
    cutter.start(text);
    for (UTF8String word = cutter.next(); word != null; word = cutter.next()) {
      count(word);
    }
  }
}
