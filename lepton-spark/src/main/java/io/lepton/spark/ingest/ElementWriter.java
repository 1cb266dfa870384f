package io.lepton.spark.ingest;

import io.lepton.arrow.ElementType;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.Platform;

/**
 * Writes numbers as elements of a column, and tells which are not what they must be. A missing
 * number is stored as NaN in columns of floats, in others as a constant.
 */
final class ElementWriter implements Serializable {
  private final NumberType from;
  private final ElementType to;
  private final Rule rule;
  private final double constant;
  private final boolean finite;

  /** What became of a number. */
  enum Verdict {
    STORED,
    /** It is not finite. */
    MISSING,
    /** It breaks the rule. */
    REFUSED,
    /** It is beyond what float32 can hold. */
    TOO_LARGE
  }

  /**
   * A writer.
   *
   * @param constant for missing numbers among integers
   */
  ElementWriter(NumberType from, ElementType to, Rule rule, double constant) {
    this.from = from;
    this.to = to;
    this.rule = rule;
    this.constant = constant;
    this.finite = rule.equals(Rule.FINITE);
  }

  NumberType from() {
    return from;
  }

  Rule rule() {
    return rule;
  }

  int bytes() {
    return to.bytes();
  }

  /** Whether floats that are finite may be taken over bit by bit. */
  boolean copies(NumberType.Kind kind) {
    return from.kind() == kind
        && finite
        && to == (kind == NumberType.Kind.FLOAT ? ElementType.FLOAT32 : ElementType.FLOAT64);
  }

  /** Whether elements are floats. */
  boolean real() {
    return ElementTypes.isReal(to);
  }

  /** Whether a number that is no null is missing all the same. */
  boolean isMissing(SpecializedGetters cells, int ordinal) {
    return !from.integral() && !Double.isFinite(from.real(cells, ordinal));
  }

  Verdict write(SpecializedGetters cells, int ordinal, long address) {
    if (to == ElementType.INT64 && from.integral()) {
      Platform.putLong(null, address, from.integer(cells, ordinal));
      return Verdict.STORED;
    }
    return write(from.real(cells, ordinal), address);
  }

  Verdict write(double value, long address) {
    if (!rule.allows(value)) {
      return Double.isFinite(value) ? Verdict.REFUSED : Verdict.MISSING;
    }
    return store(value, address);
  }

  /** Writes what stands for a missing number. */
  void fill(long address) {
    store(real() ? Double.NaN : constant, address);
  }

  private Verdict store(double value, long address) {
    switch (to) {
      case FLOAT32 -> {
        Platform.putFloat(null, address, (float) value);
        return Float.isInfinite((float) value) ? Verdict.TOO_LARGE : Verdict.STORED;
      }
      case FLOAT64 -> Platform.putDouble(null, address, value);
      case INT32 -> Platform.putInt(null, address, (int) value);
      case INT64 -> Platform.putLong(null, address, (long) value);
      case UINT8, BOOL -> Platform.putByte(null, address, (byte) (int) value);
    }
    return Verdict.STORED;
  }
}
