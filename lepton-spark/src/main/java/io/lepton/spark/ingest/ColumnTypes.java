package io.lepton.spark.ingest;

import java.util.regex.Pattern;

/** Types of columns by their names. */
final class ColumnTypes {
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\b(boolean|tinyint|smallint|int|bigint|float|double|decimal\\(\\d+,\\d+\\))(?=[>]|$)");

  private ColumnTypes() {}

  /**
   * What a type means whatever its width: readers infer int from one file and double from the next,
   * and to a model both are numbers.
   */
  static String mean(String type) {
    return type == null ? "" : NUMBER.matcher(type).replaceAll("number");
  }
}
