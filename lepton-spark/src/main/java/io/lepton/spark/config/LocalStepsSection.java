package io.lepton.spark.config;

import io.lepton.spark.averaging.LocalSteps;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads when replicas are averaged: a number of steps, or an object whose one key is the rule. */
final class LocalStepsSection {
  private static final String KEY = "local-steps";
  private static final LocalSteps STAND_IN = new LocalSteps.Fixed(Defaults.LOCAL_STEPS);
  private static final Map<String, Function<Settings, LocalSteps>> KINDS =
      new TreeMap<>(
          Map.of(
              "auto", LocalStepsSection::auto,
              "post-local", LocalStepsSection::postLocal,
              "quadratic", LocalStepsSection::quadratic,
              "timed", LocalStepsSection::timed));

  private LocalStepsSection() {}

  /** What {@code local-steps} of a section says. */
  static LocalSteps read(Settings settings) {
    if (!settings.isObject(KEY)) {
      return new LocalSteps.Fixed(settings.orDefault(KEY, Defaults.LOCAL_STEPS, Rule.integer(1)));
    }
    return settings
        .section(KEY)
        .variant(List.copyOf(KINDS.keySet()))
        .flatMap(it -> it.settings().make(() -> KINDS.get(it.kind()).apply(it.settings())))
        .orElse(STAND_IN);
  }

  /** Refuses steps that depend on clocks where every run must give the same bits. */
  static void check(Settings averaging, LocalSteps rule, SessionSection session) {
    if (rule.isMeasured() && session.deterministic()) {
      averaging.refuse(
          KEY,
          "must not be measured where session.deterministic = true, as clocks differ",
          "set a number of steps or quadratic, or session.deterministic = false");
    }
  }

  private static LocalSteps auto(Settings options) {
    return new LocalSteps.Auto(
        options.orDefault("share", Defaults.SYNC_SHARE, Rule.number(Range.INNER_FRACTION)),
        first(options),
        options.orDefault("most", Defaults.MOST_LOCAL_STEPS, Rule.integer(1)));
  }

  private static LocalSteps postLocal(Settings options) {
    return new LocalSteps.PostLocal(ScheduleSection.length(options, "synchronous"), read(options));
  }

  private static LocalSteps quadratic(Settings options) {
    return new LocalSteps.Quadratic(
        options.orDefault("least", Defaults.LOCAL_STEPS, Rule.integer(1)),
        options.required("alpha", Rule.number(Range.POSITIVE)));
  }

  private static LocalSteps timed(Settings options) {
    return new LocalSteps.Timed(options.required("time", Rule.time()), first(options));
  }

  private static int first(Settings options) {
    return options.orDefault("first", Defaults.LOCAL_STEPS, Rule.integer(1));
  }
}
