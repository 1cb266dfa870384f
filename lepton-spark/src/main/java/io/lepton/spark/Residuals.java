package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What codecs lost of the deltas of replicas that ran in this process, for the next deltas of the
 * same replicas. It is lost with the process, and a replica that moves to another one starts anew:
 * what was lost of its last delta stays lost. Two rounds are kept, so that an attempt may be
 * repeated. Any thread.
 */
final class Residuals {
  private static final long FORGOTTEN_AFTER = TimeUnit.MINUTES.toNanos(30);
  private static final Map<Key, Kept> KEPT = new ConcurrentHashMap<>();

  private record Key(long training, int replica, int round) {}

  private record Kept(FlatVector residual, long at) {}

  private Residuals() {}

  /**
   * A copy of what was kept after a round; null if nothing was.
   *
   * @param training its number in this application
   */
  static FlatVector after(long training, int replica, int round) {
    Kept kept = KEPT.get(new Key(training, replica, round));
    return kept == null ? null : kept.residual().copy();
  }

  /** Keeps what a codec has lost in a round; nobody may write to it any more. */
  static void keep(long training, int replica, int round, FlatVector residual) {
    long now = System.nanoTime();
    KEPT.remove(new Key(training, replica, round - 2));
    KEPT.values().removeIf(kept -> now - kept.at() > FORGOTTEN_AFTER);
    KEPT.put(new Key(training, replica, round), new Kept(residual, now));
  }
}
