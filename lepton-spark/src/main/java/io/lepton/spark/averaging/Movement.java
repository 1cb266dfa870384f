package io.lepton.spark.averaging;

/**
 * How the weights of all replicas moved in a round, gathered from sums over their deltas.
 *
 * @param norm of the mean delta, Euclidean
 * @param disagreement mean squared distance of the replicas' deltas from their mean, over what
 *     independent noise of the same mean delta would give: 0 if all are equal, 1 if they are noise
 *     and nothing else, more if they pull apart; 0 for one replica
 * @param cosine between the mean delta and that of the round before; 0 in the first
 */
public record Movement(double norm, double disagreement, double cosine) {
  /** Of a round that moved nothing. */
  public static final Movement NONE = new Movement(0, 0, 0);

  /** Gathers a round. One thread. */
  public static final class Gatherer {
    private double weight;
    private double squaredWeights;
    private double squaredNorms;
    private double meanSquared;
    private double along;
    private double lastSquared;

    /**
     * Adds a replica.
     *
     * @param share weight in the mean
     * @param squaredNorm of its delta
     */
    public void replica(double share, double squaredNorm) {
      weight += share;
      squaredWeights += share * share;
      squaredNorms += share * squaredNorm;
    }

    /**
     * Adds elements of the mean delta, in two lanes that do not wait for each other.
     *
     * @param from first of them in the mean
     * @param start what the mean moves, from the first of them on
     * @param earlier what the round before moved
     */
    public void elements(double[] mean, int from, float[] start, float[] earlier, int count) {
      double squared = 0;
      double squared2 = 0;
      double common = 0;
      double common2 = 0;
      double last = 0;
      double last2 = 0;
      int i = 0;
      for (; i + 1 < count; i += 2) {
        double one = mean[from + i];
        double other = mean[from + i + 1];
        double before = (double) start[i] - earlier[i];
        double before2 = (double) start[i + 1] - earlier[i + 1];
        squared += one * one;
        squared2 += other * other;
        common += one * before;
        common2 += other * before2;
        last += before * before;
        last2 += before2 * before2;
      }
      if (i < count) {
        double before = (double) start[i] - earlier[i];
        squared += mean[from + i] * mean[from + i];
        common += mean[from + i] * before;
        last += before * before;
      }
      meanSquared += squared + squared2;
      along += common + common2;
      lastSquared += last + last2;
    }

    /** What was gathered. */
    public Movement movement() {
      double others = weight * weight / squaredWeights - 1;
      double spread = Math.max(0, squaredNorms / weight - meanSquared);
      double lengths = Math.sqrt(meanSquared) * Math.sqrt(lastSquared);
      return new Movement(
          Math.sqrt(meanSquared),
          spread > 0 && others > 1e-9 ? spread / (others * meanSquared) : 0,
          lengths > 0 ? along / lengths : 0);
    }
  }
}
