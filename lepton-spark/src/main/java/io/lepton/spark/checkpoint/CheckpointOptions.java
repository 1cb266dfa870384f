package io.lepton.spark.checkpoint;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where checkpoints go, when one is taken and which stay. After each epoch one is taken anyway.
 *
 * @param directory of one job on any Hadoop file system
 * @param everyRounds rounds from one to the next
 * @param every time from one to the next
 * @param keepLast newest ones that stay, at least one
 * @param keepBest ones of the best evaluations that stay beside them
 */
public record CheckpointOptions(
    String directory,
    OptionalInt everyRounds,
    Optional<Duration> every,
    int keepLast,
    int keepBest) {
  public CheckpointOptions {
    if (everyRounds.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "every-rounds must be positive, but was: " + everyRounds.getAsInt());
    }
    if (every.filter(time -> time.isZero() || time.isNegative()).isPresent()) {
      throw new IllegalArgumentException("every must be positive, but was: " + every.get());
    }
    if (keepLast < 1) {
      throw new IllegalArgumentException("keep-last must be positive, but was: " + keepLast);
    }
    if (keepBest < 0) {
      throw new IllegalArgumentException("keep-best must not be negative, but was: " + keepBest);
    }
  }
}
