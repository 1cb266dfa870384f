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
    private final Sums all = new Sums();

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

    /** Adds sums over some elements; what is gathered depends on their order in its last bits. */
    public void elements(Sums some) {
      all.meanSquared += some.meanSquared;
      all.along += some.along;
      all.lastSquared += some.lastSquared;
    }

    /** What was gathered. */
    public Movement movement() {
      double others = weight * weight / squaredWeights - 1;
      double spread = Math.max(0, squaredNorms / weight - all.meanSquared);
      double lengths = Math.sqrt(all.meanSquared) * Math.sqrt(all.lastSquared);
      return new Movement(
          Math.sqrt(all.meanSquared),
          spread > 0 && others > 1e-9 ? spread / (others * all.meanSquared) : 0,
          lengths > 0 ? all.along / lengths : 0);
    }
  }

  /** Sums over elements of the mean delta. One thread. */
  public static final class Sums {
    private double meanSquared;
    private double along;
    private double lastSquared;

    /**
     * Adds elements, in two lanes that do not wait for each other.
     *
     * @param mean delta
     * @param start what it moves
     * @param earlier what the round before moved
     * @param from first of them in each
     */
    public void add(double[] mean, float[] start, float[] earlier, int from, int count) {
      double squared = 0;
      double squared2 = 0;
      double common = 0;
      double common2 = 0;
      double last = 0;
      double last2 = 0;
      int end = from + count;
      int i = from;
      for (; i + 1 < end; i += 2) {
        double one = mean[i];
        double other = mean[i + 1];
        double before = (double) start[i] - earlier[i];
        double before2 = (double) start[i + 1] - earlier[i + 1];
        squared += one * one;
        squared2 += other * other;
        common += one * before;
        common2 += other * before2;
        last += before * before;
        last2 += before2 * before2;
      }
      if (i < end) {
        double before = (double) start[i] - earlier[i];
        squared += mean[i] * mean[i];
        common += mean[i] * before;
        last += before * before;
      }
      meanSquared += squared + squared2;
      along += common + common2;
      lastSquared += last + last2;
    }
  }
}
