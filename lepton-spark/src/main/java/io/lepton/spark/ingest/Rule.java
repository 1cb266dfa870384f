package io.lepton.spark.ingest;

import java.io.Serializable;

/** What values of a column must be; also how a broken rule is told. */
sealed interface Rule extends Serializable {
  /** Whether a number is allowed. */
  boolean allows(double value);

  /** The rule in words: "values must …". */
  String text();

  String NOT_NULL = "values must not be null";

  /** Neither NaN nor infinite. */
  record Finite() implements Rule {
    @Override
    public boolean allows(double value) {
      return Double.isFinite(value);
    }

    @Override
    public String text() {
      return "values must be finite";
    }
  }

  /** A whole number inside a range. */
  record Whole(long min, long max, String what) implements Rule {
    @Override
    public boolean allows(double value) {
      return value >= min && value <= max && value == Math.rint(value);
    }

    @Override
    public String text() {
      return "%s must be whole numbers from %d to %d".formatted(what, min, max);
    }
  }

  /** A weight. */
  record NotNegative() implements Rule {
    @Override
    public boolean allows(double value) {
      return value >= 0 && Double.isFinite(value);
    }

    @Override
    public String text() {
      return "weights must be finite and not negative";
    }
  }
}
