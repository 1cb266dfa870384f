package io.lepton.spark;

import io.lepton.tf.HeavyOps;
import io.lepton.tf.Precision;
import java.util.Map;

/** Settles the precision of a training, on the driver, by steps of one replica that are undone. */
final class PrecisionTrial {
  /** Steps of a training below which measuring does not pay. */
  static final long LEAST_STEPS = 1000;

  private static final HeavyOps NONE = new HeavyOps(Map.of());
  private static final int REPETITIONS = 3;
  private static final double CLEARLY_FASTER = 1.15;
  private static final double TOLERANCE = 0.02;

  private final PrecisionChoice choice;
  private final long steps;
  private final Replica replica;

  /**
   * Steps that were taken.
   *
   * @param loss mean over them
   * @param finite whether losses and weights all are
   */
  record Steps(double seconds, double loss, boolean finite) {
    static Steps of(ReplicaUpdate.Outcome outcome) {
      return new Steps(outcome.computeSeconds(), outcome.sums().loss(), outcome.finite());
    }
  }

  /** A replica to try steps on, from the same parameters each time. */
  interface Replica {
    Steps train(Precision precision);

    StepInspection inspect(Precision precision);
  }

  /**
   * A trial.
   *
   * @param steps that the training will take
   */
  PrecisionTrial(PrecisionChoice choice, long steps, Replica replica) {
    this.choice = choice;
    this.steps = steps;
    this.replica = replica;
  }

  /** What is settled where two runs must not differ, as measurements may. */
  static PrecisionReport unmeasured() {
    return new PrecisionReport(
        Precision.FLOAT32, NONE, 0, 0, "as session.deterministic allows no measurement");
  }

  /**
   * Settles it.
   *
   * @throws PrecisionException if the machine lacks the precision that was asked for
   */
  PrecisionReport settle() {
    Precision low =
        choice == PrecisionChoice.MIXED_FLOAT16
            ? Precision.MIXED_FLOAT16
            : Precision.MIXED_BFLOAT16;
    if (choice == PrecisionChoice.FLOAT32
        || (choice == PrecisionChoice.AUTO && steps < LEAST_STEPS)) {
      return new PrecisionReport(Precision.FLOAT32, NONE, 0, 0);
    }
    StepInspection seen = replica.inspect(low);
    if (choice != PrecisionChoice.AUTO) {
      if (!seen.supported()) {
        throw new PrecisionException(low, seen.executor());
      }
      return new PrecisionReport(low, seen.heavy(), 0, 0);
    }
    return seen.supported() && seen.heavy().lowShare() > 0
        ? compare(low, seen.heavy())
        : new PrecisionReport(Precision.FLOAT32, seen.heavy(), 0, 0);
  }

  private PrecisionReport compare(Precision low, HeavyOps heavy) {
    Steps exact = replica.train(Precision.FLOAT32);
    Steps rounded = replica.train(low);
    double float32Seconds = Double.MAX_VALUE;
    double lowSeconds = Double.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      float32Seconds = Math.min(float32Seconds, replica.train(Precision.FLOAT32).seconds());
      lowSeconds = Math.min(lowSeconds, replica.train(low).seconds());
    }
    boolean better = notWorse(exact, rounded) && lowSeconds * CLEARLY_FASTER <= float32Seconds;
    return new PrecisionReport(better ? low : Precision.FLOAT32, heavy, float32Seconds, lowSeconds);
  }

  private static boolean notWorse(Steps exact, Steps rounded) {
    double bound = exact.loss() + TOLERANCE * Math.abs(exact.loss());
    return rounded.finite() && rounded.loss() <= bound;
  }
}
