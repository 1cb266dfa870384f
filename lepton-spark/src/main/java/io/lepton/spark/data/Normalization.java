package io.lepton.spark.data;

/** How numbers are brought to a common scale, by statistics of the training set. */
public enum Normalization {
  NONE,
  /** Mean 0, standard deviation 1. */
  STANDARD,
  /** From 0 to 1. */
  MIN_MAX,
  /** Median 0, interquartile range 1. */
  ROBUST
}
