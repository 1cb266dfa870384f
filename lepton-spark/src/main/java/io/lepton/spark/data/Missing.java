package io.lepton.spark.data;

/** What to do with a null, and among numbers with NaN and the infinities. */
public enum Missing {
  /** The run ends and tells how many there are. */
  FAIL,
  /** Something else takes its place. */
  FILL,
  /**
   * As {@link #FILL}, and another element of the input is 1 where something was missing, else 0.
   */
  MASK,
  /** The row is left out. */
  DROP_ROW
}
