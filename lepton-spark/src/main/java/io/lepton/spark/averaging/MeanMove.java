package io.lepton.spark.averaging;

import io.lepton.arrow.FlatVector;

/** What the mean of deltas does to the parameters, piece by piece. One thread. */
public interface MeanMove {
  /** All pieces follow; those of an earlier beginning do not count. */
  void begin();

  /**
   * Moves a piece.
   *
   * @param mean from its first element on
   * @param from first element of the piece in the vectors
   * @param count elements
   */
  void move(FlatVector start, double[] mean, long from, int count, FlatVector result);
}
