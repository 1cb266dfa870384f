package io.lepton.spark;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Replicas that went astray in a round: their losses or weights are no finite numbers, or, where
 * three or more took steps, their weights moved much farther than those of the median replica. It
 * depends on the round alone, so that it is the same however often it is repeated.
 */
final class Outliers {
  private static final double FARTHEST = 10;
  private static final int LEAST = 3;

  private Outliers() {}

  /** Why replicas are astray, by their number. */
  static SortedMap<Integer, String> among(SortedMap<Integer, ReplicaUpdate> updates) {
    TreeMap<Integer, String> astray = new TreeMap<>();
    double[] norms =
        updates.values().stream()
            .filter(update -> update.delta() != null && update.outcome().finite())
            .mapToDouble(update -> Math.sqrt(update.outcome().squaredNorm()))
            .sorted()
            .toArray();
    double median = norms.length == 0 ? 0 : norms[(norms.length - 1) / 2];
    updates.forEach(
        (replica, update) -> {
          double norm = Math.sqrt(update.outcome().squaredNorm());
          if (!update.outcome().finite()) {
            astray.put(
                replica,
                "its loss was %s and its weights moved by %s"
                    .formatted(update.outcome().sums().loss(), norm));
          } else if (norms.length >= LEAST && median > 0 && norm > FARTHEST * median) {
            astray.put(
                replica,
                "its weights moved by %s, the median replica's by %s".formatted(norm, median));
          }
        });
    return astray;
  }
}
