package io.lepton.benchmarks;

/** Wall time. */
final class Stopwatch {
  private Stopwatch() {}

  /** Seconds that some work takes. */
  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
