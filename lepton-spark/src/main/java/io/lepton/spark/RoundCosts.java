package io.lepton.spark;

/**
 * What parts of rounds cost on some machines, in float32; what codecs add is {@link CodecCosts}.
 *
 * @param roundSeconds of a round without parameters and steps
 * @param taskSeconds of one more replica on the driver
 * @param bytesPerSecond of the driver's link, each way, all executors together
 * @param replicaSeconds of an element of the parameters in a replica: assigned, its move read,
 *     checked
 * @param foldSeconds of an element of a delta on the driver, added
 * @param moveSeconds of an element of the parameters on the driver, moved
 * @param stepSeconds of a local step
 * @param sentShare of the bytes of a delta without zeros that replicas send
 */
public record RoundCosts(
    double roundSeconds,
    double taskSeconds,
    double bytesPerSecond,
    double replicaSeconds,
    double foldSeconds,
    double moveSeconds,
    double stepSeconds,
    double sentShare) {
  private static final double NANO = 1e-9;
  private static final double TEN_GIGABITS = 10e9 / 8;

  /** Partly assumed ones (docs/benchmarks.md), executors linked by ten gigabits. */
  public static RoundCosts assumed(ClusterSize cluster, double stepSeconds) {
    return new RoundCosts(
        20e-3,
        1e-3,
        cluster.local() ? Double.POSITIVE_INFINITY : TEN_GIGABITS,
        8 * NANO,
        1 * NANO,
        4 * NANO,
        stepSeconds,
        1);
  }

  /** The same with another link of the driver. */
  RoundCosts over(double bytesPerSecond) {
    return new RoundCosts(
        roundSeconds,
        taskSeconds,
        bytesPerSecond,
        replicaSeconds,
        foldSeconds,
        moveSeconds,
        stepSeconds,
        sentShare);
  }

  /** The same where one more replica costs the driver something else. */
  RoundCosts withTasks(double seconds) {
    return new RoundCosts(
        roundSeconds,
        seconds,
        bytesPerSecond,
        replicaSeconds,
        foldSeconds,
        moveSeconds,
        stepSeconds,
        sentShare);
  }

  /** The same with another step. */
  RoundCosts withStep(double seconds) {
    return new RoundCosts(
        roundSeconds,
        taskSeconds,
        bytesPerSecond,
        replicaSeconds,
        foldSeconds,
        moveSeconds,
        seconds,
        sentShare);
  }

  /** The same; deltas are without zeros unless they are of the same model. */
  RoundCosts ofModel(boolean same) {
    return same
        ? this
        : new RoundCosts(
            roundSeconds,
            taskSeconds,
            bytesPerSecond,
            replicaSeconds,
            foldSeconds,
            moveSeconds,
            stepSeconds,
            1);
  }
}
