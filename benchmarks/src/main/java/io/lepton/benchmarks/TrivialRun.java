package io.lepton.benchmarks;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.GraphProbe;
import io.lepton.tf.SessionOptions;

/** What a step costs when it has nothing to do: four scalar feeds, one fetch. */
final class TrivialRun {
  private static final int FEEDS = 4;
  private static final int RUNS = 20_000;
  private static final long[] SCALAR = {};

  private TrivialRun() {}

  static void measure(ResultTable table) {
    CopyLedger ledger = new CopyLedger();
    FlatVector value = FlatVector.allocate(1);
    try (GraphProbe probe = GraphProbe.addition(FEEDS, SessionOptions.SINGLE_THREAD);
        TensorLease lent = value.lend(0, SCALAR, ledger)) {
      table.rows(
          new Alternation()
              .side(
                  "trivial step, 4 feeds lent once",
                  () -> {
                    feedAll(probe, lent);
                    return micros(probe::run);
                  })
              .side(
                  "trivial step, 3 of 4 feeds lent anew as in training",
                  () -> {
                    feedAll(probe, lent);
                    return micros(() -> lendAndRun(probe, value, ledger));
                  })
              .measure(3, 15),
          "µs");
    }
  }

  private static void feedAll(GraphProbe probe, TensorLease lent) {
    for (int feed = 0; feed < FEEDS; feed++) {
      probe.feed(feed, lent);
    }
  }

  private static void lendAndRun(GraphProbe probe, FlatVector value, CopyLedger ledger) {
    try (TensorLease rows = value.lend(0, SCALAR, ledger);
        TensorLease number = value.lend(0, SCALAR, ledger);
        TensorLease seed = value.lend(0, SCALAR, ledger)) {
      probe.feed(0, rows);
      probe.feed(1, number);
      probe.feed(2, seed);
      probe.run();
    }
  }

  private static double micros(Runnable step) {
    double seconds =
        Stopwatch.seconds(
            () -> {
              for (int run = 0; run < RUNS; run++) {
                step.run();
              }
            });
    return seconds / RUNS * 1e6;
  }
}
