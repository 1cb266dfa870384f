package io.lepton.spark.averaging;

/** What the mean of deltas does to the parameters, slice by slice and of a slice piece by piece. */
public interface MeanMove {
  /** Elements of the largest piece. */
  int PIECE = 8192;

  /** All slices follow, in any order; those of an earlier beginning do not count. */
  void begin();

  /**
   * Who moves a slice, on one thread, beside others that move other slices. Any thread. If one is
   * asked for again, what the one before did does not count.
   *
   * @param index from 0
   */
  Pieces slice(int index);

  /** Moves the pieces of a slice, one after the other. One thread. */
  @FunctionalInterface
  interface Pieces {
    /**
     * Moves a piece.
     *
     * @param from its first element in the parameters
     * @param start its elements, from the first on
     * @param mean of the replicas' deltas, likewise
     * @param count elements, at most {@link #PIECE}
     * @param moved becomes what the elements are moved to, likewise
     */
    void move(long from, float[] start, double[] mean, int count, float[] moved);
  }
}
