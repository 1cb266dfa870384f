package io.lepton.spark;

import io.lepton.spark.averaging.Situation;
import io.lepton.tf.TrainingProgram;

/** Keeps account of rounds: what they add up to, how the last one went, and who is told. */
final class RoundAccount {
  private final TrainingProgram program;
  private final EpochSteps steps;
  private final RoundTally tally;
  private final PhaseClock clock;
  private final TrainingListener listener;
  private Situation.LastRound last;

  RoundAccount(
      TrainingProgram program,
      EpochSteps steps,
      RoundTally tally,
      PhaseClock clock,
      TrainingListener listener) {
    this.program = program;
    this.steps = steps;
    this.tally = tally;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * A round ended.
   *
   * @param parts of the seconds
   * @param seconds of the whole round
   * @param up bytes of deltas that were fetched
   */
  void add(
      StepRange taken,
      RoundWork work,
      RoundReport.Averages averages,
      RoundReport.Parts parts,
      double seconds,
      long up) {
    long down = work.bytesDown();
    double computing = work.computeSeconds();
    double broadcast = Math.min(seconds, parts.publishSeconds() + parts.fetchSeconds());
    tally.copied(work.copied());
    tally.round(work.sums().examples(), down + up, seconds);
    clock.add(Phase.BROADCAST, broadcast);
    clock.add(Phase.COMPUTE, computing);
    clock.add(Phase.REDUCE, Math.max(0, seconds - broadcast - computing));
    last =
        new Situation.LastRound(
            averages.localSteps(),
            computing / taken.count(),
            Math.max(0, seconds - computing),
            averages.movement().disagreement());
    String metric = program.metrics().get(0).name();
    listener.round(
        new RoundReport(
            tally.rounds(),
            Math.toIntExact(
                tally.rounds() + steps.rounds(taken.epoch(), taken.to(), averages.localSteps())),
            taken.epoch() + 1,
            work.sums().loss(),
            metric,
            work.sums().value(metric),
            work.sums().examples(),
            seconds,
            broadcast,
            computing,
            down,
            up,
            work.copied().values().stream().mapToLong(Long::longValue).sum(),
            work.chunksLent(),
            averages,
            parts));
  }

  /** How the last round of this process went; null before the first. */
  Situation.LastRound last() {
    return last;
  }
}
