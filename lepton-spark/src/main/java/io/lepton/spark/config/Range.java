package io.lepton.spark.config;

import java.util.function.DoublePredicate;

/**
 * Where a real number may lie; infinities and NaN lie nowhere.
 *
 * @param words that go on after "a number"
 * @param member whether a finite number lies in the range
 * @param example a number in the range, to show to people
 */
record Range(String words, DoublePredicate member, double example) {
  static final Range ANY = new Range("", x -> true, 0.5);
  static final Range POSITIVE = new Range(" above 0", x -> x > 0, 0.001);
  static final Range ABOVE_ONE = new Range(" above 1", x -> x > 1, 2);
  static final Range NOT_NEGATIVE = new Range(" of at least 0", x -> x >= 0, 1);
  static final Range FRACTION = new Range(" of at least 0 and below 1", x -> x >= 0 && x < 1, 0.5);
  static final Range SHARE = new Range(" from 0 to 1", x -> x >= 0 && x <= 1, 0.5);
  static final Range POSITIVE_SHARE =
      new Range(" above 0 and at most 1", x -> x > 0 && x <= 1, 0.9);
  static final Range INNER_FRACTION = new Range(" above 0 and below 1", x -> x > 0 && x < 1, 0.1);

  boolean contains(double number) {
    return Double.isFinite(number) && member.test(number);
  }
}
