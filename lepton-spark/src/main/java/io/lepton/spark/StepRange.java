package io.lepton.spark;

/** Steps {@code from} to {@code to} (exclusive) of an epoch, all from 0. */
record StepRange(int epoch, long from, long to) {
  /** How many they are. */
  long count() {
    return to - from;
  }
}
