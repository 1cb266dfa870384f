package io.lepton.spark.ingest;

import io.lepton.arrow.ElementType;
import java.io.Serializable;

/**
 * What numbers of a column must be, NaN never being allowed; also how a broken rule is told.
 *
 * @param text in words: "values must …"
 * @param min lowest allowed
 * @param max highest allowed
 * @param whole whether fractions are refused
 */
record Rule(String text, double min, double max, boolean whole) implements Serializable {
  static final String NOT_NULL = "values must not be null";
  static final String FITS_FLOAT32 = "values must fit float32";
  static final String UTF8 = "text must be UTF-8";
  static final Rule FINITE =
      new Rule("values must be finite", -Double.MAX_VALUE, Double.MAX_VALUE, false);
  static final Rule WEIGHT =
      new Rule("weights must be finite and not negative", 0, Double.MAX_VALUE, false);

  /** Class numbers below a number of classes. */
  static Rule classes(int classes) {
    return whole("classes", 0, classes - 1L);
  }

  /** What a type can hold. */
  static Rule of(ElementType type) {
    return switch (type) {
      case FLOAT32, FLOAT64 -> FINITE;
      case INT32 -> whole("int32 values", Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> whole("int64 values", Long.MIN_VALUE, Long.MAX_VALUE);
      case UINT8 -> whole("uint8 values", 0, 255);
      case BOOL -> whole("boolean values", 0, 1);
    };
  }

  boolean allows(double value) {
    return value >= min && value <= max && (!whole || value == Math.rint(value));
  }

  private static Rule whole(String what, long min, long max) {
    return new Rule(
        "%s must be whole numbers from %d to %d".formatted(what, min, max), min, max, true);
  }
}
