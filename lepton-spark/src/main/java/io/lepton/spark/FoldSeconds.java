package io.lepton.spark;

/**
 * What a fold took.
 *
 * @param all until all deltas were folded
 * @param tree of these until what the driver folds was there: folds on executors, deltas made again
 * @param move of these for moving the parameters by the mean; of what threads did side by side the
 *     part of one
 */
record FoldSeconds(double all, double tree, double move) {
  static final FoldSeconds NONE = new FoldSeconds(0, 0, 0);
}
