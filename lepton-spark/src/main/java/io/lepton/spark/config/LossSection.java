package io.lepton.spark.config;

import java.util.Arrays;

/** Reads a loss: a word, or an object whose one key is the word, with options below it. */
final class LossSection {
  static final String KEY = "loss";

  private LossSection() {}

  static LossChoice read(Settings settings) {
    if (!settings.isObject(KEY)) {
      LossWord word = settings.orDefault(KEY, Defaults.LOSS, Rule.word(LossWord.class));
      return new LossChoice(word, LossOptions.DEFAULTS);
    }
    return settings
        .section(KEY)
        .variant(LossWord.named())
        .map(it -> new LossChoice(word(it.kind()), options(word(it.kind()), it.settings())))
        .orElse(new LossChoice(Defaults.LOSS, LossOptions.DEFAULTS));
  }

  private static LossWord word(String kind) {
    return Arrays.stream(LossWord.values())
        .filter(word -> Display.word(word).equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static LossOptions options(LossWord word, Settings settings) {
    Reader reader = new Reader(word, settings);
    return new LossOptions(
        reader.number("label-smoothing", Defaults.LABEL_SMOOTHING, Range.FRACTION),
        reader.number("positive-weight", Defaults.POSITIVE_WEIGHT, Range.POSITIVE),
        reader.number("gamma", Defaults.FOCAL_GAMMA, Range.NOT_NEGATIVE),
        reader.number("alpha", Defaults.FOCAL_ALPHA, Range.INNER_FRACTION),
        reader.number("delta", Defaults.HUBER_DELTA, Range.POSITIVE),
        reader.number("margin", Defaults.MARGIN, Range.POSITIVE),
        reader.number("temperature", Defaults.TEMPERATURE, Range.POSITIVE));
  }

  /** Asks only for the options that the loss has, so that others are unknown settings. */
  private record Reader(LossWord word, Settings settings) {
    double number(String option, double fallback, Range range) {
      return word.options().contains(option)
          ? settings.orDefault(option, fallback, Rule.number(range))
          : fallback;
    }
  }
}
