package io.lepton.spark.ingest;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Cells as text: strings as they are, whole numbers in decimal.
 *
 * @param number the type of whole numbers; null for strings
 */
record TextReader(NumberType number) implements Serializable {
  UTF8String read(SpecializedGetters cells, int ordinal) {
    return number == null
        ? cells.getUTF8String(ordinal)
        : UTF8String.fromString(Long.toString(number.integer(cells, ordinal)));
  }
}
