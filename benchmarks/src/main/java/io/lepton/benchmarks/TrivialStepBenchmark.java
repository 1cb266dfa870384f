package io.lepton.benchmarks;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.GraphProbe;
import io.lepton.tf.SessionOptions;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a step costs when it has nothing to do: four scalar feeds, one fetch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TrivialStepBenchmark {
  private static final int FEEDS = 4;
  private static final long[] SCALAR = {};

  private final CopyLedger ledger = new CopyLedger();
  private FlatVector value;
  private GraphProbe probe;
  private TensorLease lent;

  /** Feeds everything once. */
  @Setup
  public void open() {
    value = FlatVector.allocate(1);
    probe = GraphProbe.addition(FEEDS, SessionOptions.SINGLE_THREAD);
    lent = value.lend(0, SCALAR, ledger);
    for (int feed = 0; feed < FEEDS; feed++) {
      probe.feed(feed, lent);
    }
  }

  /** A step on what was fed before. */
  @Benchmark
  public float feedsLentOnce() {
    return probe.run();
  }

  /** A step with three of its feeds lent anew, as in training. */
  @Benchmark
  public float feedsLentAnew() {
    try (TensorLease rows = value.lend(0, SCALAR, ledger);
        TensorLease number = value.lend(0, SCALAR, ledger);
        TensorLease seed = value.lend(0, SCALAR, ledger)) {
      probe.feed(0, rows);
      probe.feed(1, number);
      probe.feed(2, seed);
      return probe.run();
    }
  }

  /** Ends the session. */
  @TearDown
  public void close() {
    lent.close();
    probe.close();
  }
}
