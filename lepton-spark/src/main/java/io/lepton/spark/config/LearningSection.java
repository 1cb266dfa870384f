package io.lepton.spark.config;

import io.lepton.spark.BatchGrowth;
import io.lepton.spark.Ema;
import io.lepton.tf.model.Clipping;
import io.lepton.tf.model.UpdateOptions;
import io.lepton.tf.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happens around the optimizer's rule.
 *
 * @param updates within a step
 * @param schedule of the learning rate
 * @param growth of the batch; empty for one size
 * @param ema of the weights; empty for the weights themselves
 */
public record LearningSection(
    UpdateOptions updates, Schedule schedule, Optional<BatchGrowth> growth, Optional<Ema> ema) {
  /** Nothing. */
  static final LearningSection PLAIN =
      new LearningSection(
          UpdateOptions.PLAIN, new Schedule.Constant(), Optional.empty(), Optional.empty());

  private static final String VALUE = "clip-value";
  private static final String NORM = "clip-norm";
  private static final String GLOBAL_NORM = "clip-global-norm";

  static LearningSection read(Settings training, int batchSize, int epochs) {
    Schedule schedule =
        training
            .optionalSection("learning-rate-schedule")
            .map(ScheduleSection::read)
            .orElse(PLAIN.schedule());
    return new LearningSection(
        updates(training),
        schedule,
        training
            .optionalSection(BatchGrowthSection.KEY)
            .flatMap(it -> BatchGrowthSection.read(it, schedule, batchSize, epochs)),
        training.optionalSection("ema").map(LearningSection::ema));
  }

  private static UpdateOptions updates(Settings training) {
    List<String> frozen =
        training.optional("frozen", Rule.oneOrMore(Rule.text())).orElse(List.of());
    Map<String, Double> rates =
        training
            .optionalSection("learning-rates")
            .map(it -> it.values(Rule.number(Range.POSITIVE)))
            .orElse(Map.of());
    UpdateOptions plain = new UpdateOptions(new Clipping.None(), 1, false, frozen, rates);
    return training
        .optionalSection("gradients")
        .flatMap(it -> it.make(() -> gradients(it, frozen, rates)))
        .orElse(plain);
  }

  private static UpdateOptions gradients(
      Settings gradients, List<String> frozen, Map<String, Double> rates) {
    return new UpdateOptions(
        clipping(gradients),
        gradients.orDefault("accumulate", Defaults.ACCUMULATE, Rule.integer(1)),
        gradients.orDefault("lazy", Defaults.LAZY, Rule.flag()),
        frozen,
        rates);
  }

  private static Clipping clipping(Settings gradients) {
    List<String> present =
        List.of(VALUE, NORM, GLOBAL_NORM).stream().filter(gradients::has).toList();
    if (present.size() > 1) {
      gradients.exactlyOne(present.get(0), present.get(1));
    }
    Rule<Double> limit = Rule.number(Range.POSITIVE);
    List<Clipping> clippings = new ArrayList<>();
    gradients.optional(VALUE, limit).map(Clipping.ByValue::new).ifPresent(clippings::add);
    gradients.optional(NORM, limit).map(Clipping.ByNorm::new).ifPresent(clippings::add);
    gradients
        .optional(GLOBAL_NORM, limit)
        .map(Clipping.ByGlobalNorm::new)
        .ifPresent(clippings::add);
    return clippings.isEmpty() ? new Clipping.None() : clippings.get(0);
  }

  private static Ema ema(Settings ema) {
    return new Ema(
        ema.orDefault("decay", Defaults.EMA_DECAY, Rule.number(Range.INNER_FRACTION)),
        ema.orDefault("bias-correction", Defaults.EMA_CORRECTION, Rule.flag()));
  }
}
