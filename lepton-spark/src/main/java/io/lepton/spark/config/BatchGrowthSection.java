package io.lepton.spark.config;

import io.lepton.spark.BatchGrowth;
import io.lepton.tf.schedule.Schedule;
import java.util.List;
import java.util.Optional;

/** Reads how the batch grows. */
final class BatchGrowthSection {
  static final String KEY = "batch-growth";

  private static final String MOST = "most";
  private static final String AFTER = "after-epochs";
  private static final String EVERY = "every-epochs";

  private BatchGrowthSection() {}

  /**
   * What a section says.
   *
   * @param batchSize of the first epoch
   * @param epochs at most
   */
  static Optional<BatchGrowth> read(Settings growth, Schedule schedule, int batchSize, int epochs) {
    double factor = growth.orDefault("factor", Defaults.BATCH_GROWTH, Rule.number(Range.ABOVE_ONE));
    int most = growth.required(MOST, Rule.integer(1));
    List<Integer> after = growth.optional(AFTER, Rule.oneOrMore(Rule.integer(1))).orElse(List.of());
    int every = growth.optional(EVERY, Rule.integer(1)).orElse(0);
    if (growth.has(MOST) && growth.noneWrong(MOST) && most <= batchSize) {
      growth.refuse(
          MOST,
          "must be above training.batch-size = %d".formatted(batchSize),
          "give more, or leave %s out".formatted(KEY));
      return Optional.empty();
    }
    if (growth.has(AFTER) && growth.has(EVERY)) {
      growth.contradiction(AFTER, EVERY);
      return Optional.empty();
    }
    if (after.stream().anyMatch(epoch -> epoch >= epochs)) {
      growth.refuse(
          AFTER,
          "must be below training.epochs = %d, as nothing comes after the last".formatted(epochs),
          "give earlier ones");
    }
    if (every >= epochs) {
      growth.refuse(
          EVERY,
          "must be below training.epochs = %d, as nothing comes after the last".formatted(epochs),
          "give fewer");
    }
    if (after.isEmpty() && every == 0 && schedule.plateau().isEmpty()) {
      growth.refuse(
          AFTER,
          "must be set, or else %s, unless training.learning-rate-schedule is a plateau"
              .formatted(EVERY),
          "say when the batch grows");
      return Optional.empty();
    }
    return growth.make(() -> new BatchGrowth(factor, most, after, every));
  }
}
