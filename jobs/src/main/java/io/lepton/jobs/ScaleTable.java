package io.lepton.jobs;

import io.lepton.spark.RoundForecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a round would take with more replicas, each with a core of its own, as lines of plain text.
 *
 * @param gigabits of the driver's link, a second
 */
record ScaleTable(RoundForecast round, double gigabits) {
  private static final String LINE = "%8s %9s %6s %10s %6s %12s %10s %10s %12s";
  private static final double MEGA = 1e6;

  List<RoundForecast> rounds() {
    return Stream.of(2, 8, 64, 512, 4096)
        .map(replicas -> round.at(replicas, gigabits * 1e9 / 8))
        .toList();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "a round of %,d steps over a driver's link of %s Gbit/s",
            round.shape().localSteps(),
            gigabits));
    lines.add(
        LINE.formatted(
            "replicas",
            "executors",
            "levels",
            "seconds",
            "sync",
            "link MB down",
            "up",
            "driver MB",
            "executor MB"));
    for (RoundForecast at : rounds()) {
      lines.add(
          LINE.formatted(
              number(at.shape().replicas()),
              number(at.shape().executors()),
              number(at.foldLevels()),
              String.format(Locale.ROOT, "%,.3f", at.seconds()),
              String.format(Locale.ROOT, "%.0f%%", 100 * at.syncShare()),
              megabytes(at.driverBytesDown()),
              megabytes(at.driverBytesUp()),
              megabytes(at.driverBytes()),
              megabytes(at.executorBytes())));
    }
    return lines;
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes / MEGA);
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
