package io.lepton.spark;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for what another thread or process is about to do. */
public final class Deadline {
  private Deadline() {}

  /**
   * Returns as soon as a condition holds.
   *
   * @throws AssertionError if it does not within the time
   */
  public static void await(Duration time, String what, BooleanSupplier condition) {
    long end = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("after %s still not: %s".formatted(time, what));
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
