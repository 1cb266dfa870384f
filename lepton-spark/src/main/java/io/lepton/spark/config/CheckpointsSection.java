package io.lepton.spark.config;

import io.lepton.spark.checkpoint.CheckpointOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether, where and when checkpoints are taken: none without a directory. */
final class CheckpointsSection {
  private static final String EVERY_ROUNDS = "every-rounds";
  private static final String EVERY = "every";

  private CheckpointsSection() {}

  static CheckpointOptions read(Settings checkpoints) {
    return new CheckpointOptions(
        checkpoints.required("directory", Rule.text()),
        checkpoints
            .optional(EVERY_ROUNDS, Rule.integer(1))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty()),
        every(checkpoints),
        checkpoints.orDefault("keep-last", Defaults.KEEP_LAST, Rule.integer(1)),
        checkpoints.orDefault("keep-best", Defaults.KEEP_BEST, Rule.integer(0)));
  }

  /** The default is for those who say nothing of when. */
  private static Optional<Duration> every(Settings checkpoints) {
    return checkpoints.has(EVERY_ROUNDS)
        ? checkpoints.optional(EVERY, Rule.time())
        : Optional.of(checkpoints.orDefault(EVERY, Defaults.CHECKPOINT_EVERY, Rule.time()));
  }
}
