package io.lepton.spark.config;

import io.lepton.tf.schedule.Schedule;
import io.lepton.tf.schedule.Span;
import io.lepton.tf.schedule.Span.Unit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the schedule of the learning rate: an object whose one key is its kind. */
final class ScheduleSection {
  private static final String EVERY = "every";
  private static final String CYCLE = "cycle";
  private static final String WARM_UP = "warm-up";
  private static final Schedule STAND_IN = new Schedule.Constant();
  private static final Map<String, Function<Settings, Schedule>> KINDS =
      new TreeMap<>(
          Map.of(
              "constant", options -> new Schedule.Constant(),
              "cosine", ScheduleSection::cosine,
              "exponential",
                  options -> new Schedule.Exponential(decay(options), length(options, EVERY)),
              "one-cycle", ScheduleSection::oneCycle,
              "plateau", ScheduleSection::plateau,
              "polynomial", ScheduleSection::polynomial,
              "steps", options -> new Schedule.Steps(decay(options), length(options, EVERY))));

  private ScheduleSection() {}

  static Schedule read(Settings schedule) {
    return schedule
        .variant(List.copyOf(KINDS.keySet()))
        .flatMap(it -> it.settings().make(() -> of(it.kind(), it.settings())))
        .orElse(STAND_IN);
  }

  private static Schedule of(String kind, Settings options) {
    Schedule schedule = KINDS.get(kind).apply(options);
    return span(options, WARM_UP)
        .<Schedule>map(length -> new Schedule.WarmUp(length, schedule))
        .orElse(schedule);
  }

  private static Schedule cosine(Settings options) {
    return new Schedule.Cosine(
        end(options),
        span(options, CYCLE).orElse(Span.NONE),
        options.orDefault("growth", Defaults.CYCLE_GROWTH, Rule.number(Range.POSITIVE)));
  }

  private static Schedule oneCycle(Settings options) {
    return new Schedule.OneCycle(
        options.orDefault("start", Defaults.ONE_CYCLE_START, Rule.number(Range.SHARE)),
        options.orDefault("end", Defaults.ONE_CYCLE_END, Rule.number(Range.SHARE)),
        options.orDefault("peak", Defaults.ONE_CYCLE_PEAK, Rule.number(Range.INNER_FRACTION)));
  }

  private static Schedule polynomial(Settings options) {
    return new Schedule.Polynomial(
        end(options),
        options.orDefault("power", Defaults.POLYNOMIAL_POWER, Rule.number(Range.POSITIVE)));
  }

  private static Schedule plateau(Settings options) {
    return new Schedule.Plateau(
        options.orDefault("decay", Defaults.RATE_DECAY, Rule.number(Range.INNER_FRACTION)),
        options.orDefault("patience", Defaults.PLATEAU_PATIENCE, Rule.integer(1)),
        options.orDefault("least", Defaults.RATE_END, Rule.number(Range.SHARE)));
  }

  private static double decay(Settings options) {
    return options.orDefault("decay", Defaults.RATE_DECAY, Rule.number(Range.POSITIVE));
  }

  private static double end(Settings options) {
    return options.orDefault("end", Defaults.RATE_END, Rule.number(Range.SHARE));
  }

  /** A length that must be there, in steps or in epochs. */
  static Span length(Settings options, String name) {
    options.exactlyOne(name + "-steps", name + "-epochs");
    return span(options, name).orElse(new Span(1, Unit.EPOCHS));
  }

  /** A length in steps or in epochs, but not both. */
  private static Optional<Span> span(Settings options, String name) {
    String steps = name + "-steps";
    String epochs = name + "-epochs";
    if (options.has(steps) && options.has(epochs)) {
      options.exactlyOne(steps, epochs);
    }
    return options
        .optional(steps, Rule.integer(1))
        .map(length -> new Span(length, Unit.STEPS))
        .or(
            () ->
                options
                    .optional(epochs, Rule.number(Range.POSITIVE))
                    .map(length -> new Span(length, Unit.EPOCHS)));
  }
}
