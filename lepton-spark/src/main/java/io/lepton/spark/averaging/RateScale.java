package io.lepton.spark.averaging;

/**
 * What replicas make of the learning rate that one would have.
 *
 * <p>An average of as many replicas as there are moves by the mean of their moves, with less noise.
 * Rules that keep, in the limit of small rates, how far an epoch moves and how noisily: for plain
 * and momentum SGD see Goyal et al. (arXiv 1706.02677), for Adam and its like, whose moves do not
 * grow with the batch, Malladi et al. (arXiv 2205.10287).
 */
public enum RateScale {
  /** The rate as it stands: for SGD whose batch was split among the replicas. */
  NONE,
  /** Times the root of their number: for Adam whose batch was split among them. */
  SQUARE_ROOT,
  /** Times their number: where each has the whole batch, so that an epoch has fewer steps. */
  LINEAR;

  /**
   * What the rate is multiplied by.
   *
   * @param replicas at least one
   */
  public double factor(int replicas) {
    if (replicas < 1) {
      throw new IllegalArgumentException("replicas must be positive, but were: " + replicas);
    }
    return switch (this) {
      case NONE -> 1;
      case SQUARE_ROOT -> Math.sqrt(replicas);
      case LINEAR -> replicas;
    };
  }
}
