package io.lepton.spark.data;

/** What takes the place of a missing number. */
public enum Filling {
  CONSTANT,
  /** Of the training set. */
  MEAN,
  /** Of the training set. */
  MEDIAN
}
