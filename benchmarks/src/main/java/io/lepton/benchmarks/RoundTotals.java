package io.lepton.benchmarks;

import io.lepton.spark.RoundReport;
import io.lepton.spark.TrainingListener;

/** Adds up all rounds of a training but the first. One thread. */
final class RoundTotals implements TrainingListener {
  private long examples;
  private double computeSeconds;

  @Override
  public void round(RoundReport report) {
    if (report.round() > 1) {
      examples += report.examples();
      computeSeconds += report.computeSeconds();
    }
  }

  /** Examples a second of the tasks alone, the driver's part and scheduling left out. */
  double taskExamplesPerSecond() {
    return examples / computeSeconds;
  }
}
