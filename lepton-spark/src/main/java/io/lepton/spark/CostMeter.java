package io.lepton.spark;

import io.lepton.tf.TrainingProgram;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * Measures what rounds cost: those of this process but the first, while the batch has the size that
 * it has now, as many as are kept. One thread.
 */
public final class CostMeter implements TrainingListener {
  private static final int KEPT = 256;
  private static final int WARM_UP = 2;

  private final ArrayDeque<RoundReport> rounds = new ArrayDeque<>();
  private int seen;

  @Override
  public void round(RoundReport report) {
    seen++;
    if (seen <= WARM_UP || report.parts().foldSeconds() == 0) {
      return;
    }
    if (!rounds.isEmpty()
        && rounds.getLast().averages().batchSize() != report.averages().batchSize()) {
      rounds.clear();
    }
    if (rounds.size() == KEPT) {
      rounds.removeFirst();
    }
    rounds.addLast(report);
  }

  /** What was measured; empty if there were too few rounds. */
  public Optional<MeasuredCosts> costs(
      TrainingOptions options, TrainingProgram program, ClusterSize cluster) {
    return rounds.isEmpty()
        ? Optional.empty()
        : Optional.of(MeasuredCosts.of(List.copyOf(rounds), options, program, cluster));
  }
}
