package io.lepton.spark.averaging;

import java.io.Serializable;

/**
 * How replicas become one model.
 *
 * @param replicas logical copies of the model, trained side by side; not a matter of the cluster
 * @param localSteps between two averages
 * @param outer what the driver does with the mean of their deltas
 * @param optimizerState what becomes of what local optimizers keep beside weights
 */
public record Averaging(
    int replicas, LocalSteps localSteps, OuterOptimizer outer, OptimizerState optimizerState)
    implements Serializable {
  /** What becomes of the state of the local optimizers between rounds. */
  public enum OptimizerState {
    /**
     * Averaged as the weights are, so that replicas go on alike; it crosses the wire in every
     * round, which with Adam is three times the bytes of the weights alone.
     */
    AVERAGED,
    /**
     * New in every round: only weights cross the wire, but moments need some steps to grow again,
     * which many local steps make up for and few do not.
     */
    RESET
  }

  public Averaging {
    if (replicas <= 0) {
      throw new IllegalArgumentException("replicas must be positive, but was: " + replicas);
    }
  }

  /** Plain averages, state included, every so many steps. */
  public static Averaging plain(int replicas, int localSteps) {
    return new Averaging(
        replicas, new LocalSteps.Fixed(localSteps), OuterOptimizer.PLAIN, OptimizerState.AVERAGED);
  }
}
