package io.lepton.benchmarks;

import io.lepton.spark.RoundReport;
import io.lepton.spark.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Medians over the rounds of a training but the first ones. One thread. */
final class RoundTimes implements TrainingListener {
  private static final int WARMUPS = 3;

  private final List<RoundReport> rounds = new ArrayList<>();

  @Override
  public void round(RoundReport report) {
    if (report.round() > WARMUPS) {
      rounds.add(report);
    }
  }

  double seconds() {
    return median(RoundReport::seconds);
  }

  /** Parameters on their way. */
  double broadcast() {
    return median(RoundReport::broadcastSeconds);
  }

  /** The slowest replica. */
  double compute() {
    return median(RoundReport::computeSeconds);
  }

  /** All else. */
  double rest() {
    return median(it -> it.seconds() - it.broadcastSeconds() - it.computeSeconds());
  }

  double bytesDown() {
    return median(RoundReport::bytesDown);
  }

  double bytesUp() {
    return median(RoundReport::bytesUp);
  }

  private double median(ToDoubleFunction<RoundReport> what) {
    return new Samples(rounds.stream().map(what::applyAsDouble).toList()).median();
  }
}
