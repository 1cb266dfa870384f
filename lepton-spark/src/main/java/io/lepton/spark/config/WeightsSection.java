package io.lepton.spark.config;

import io.lepton.tf.model.Initializer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.WeightOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads what is said of a layer's weights, each by its name: {@code kernel-initializer}, {@code
 * kernel-regularizer}, {@code kernel-constraint} and so on.
 */
final class WeightsSection {
  private static final Map<String, Function<Settings, Initializer>> INITIALIZERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("constant", WeightsSection::constant),
              Map.entry("glorot-normal", options -> Initializer.GLOROT_NORMAL),
              Map.entry("glorot-uniform", options -> Initializer.GLOROT_UNIFORM),
              Map.entry("he-normal", options -> Initializer.HE_NORMAL),
              Map.entry("he-uniform", options -> Initializer.HE_UNIFORM),
              Map.entry("lecun-normal", options -> Initializer.LECUN_NORMAL),
              Map.entry("lecun-uniform", options -> Initializer.LECUN_UNIFORM),
              Map.entry("normal", WeightsSection::normal),
              Map.entry("ones", options -> Initializer.ONES),
              Map.entry("orthogonal", WeightsSection::orthogonal),
              Map.entry("truncated-normal", WeightsSection::truncatedNormal),
              Map.entry("uniform", WeightsSection::uniform),
              Map.entry("zeros", options -> Initializer.ZEROS)));

  private final Settings options;

  private WeightsSection(Settings options) {
    this.options = options;
  }

  static WeightOptions read(Settings options, Layer layer) {
    WeightsSection section = new WeightsSection(options);
    WeightOptions weights = WeightOptions.NONE;
    for (String weight : layer.weightNames()) {
      weights = section.read(weights, weight, weight.replace('_', '-'));
    }
    return weights;
  }

  private WeightOptions read(WeightOptions before, String weight, String key) {
    WeightOptions weights =
        initializer(key + "-initializer")
            .map(initializer -> before.initialized(weight, initializer))
            .orElse(before);
    WeightOptions penalized =
        options
            .optionalSection(key + "-regularizer")
            .map(section -> weights.penalized(weight, penalty(section)))
            .orElse(weights);
    return options
        .optionalSection(key + "-constraint")
        .map(
            section ->
                penalized.limited(
                    weight, section.required("max-norm", Rule.number(Range.POSITIVE))))
        .orElse(penalized);
  }

  private Optional<Initializer> initializer(String key) {
    List<String> kinds = List.copyOf(INITIALIZERS.keySet());
    if (options.isObject(key)) {
      return options
          .section(key)
          .variant(kinds)
          .flatMap(
              it ->
                  it.settings()
                      .<Initializer>make(() -> INITIALIZERS.get(it.kind()).apply(it.settings())));
    }
    return options
        .optional(key, Rule.oneOf(kinds, Function.identity()))
        .map(kind -> INITIALIZERS.get(kind).apply(Settings.nothing()));
  }

  private static WeightOptions.Penalty penalty(Settings section) {
    return new WeightOptions.Penalty(
        section.orDefault("l1", Defaults.PENALTY, Rule.number(Range.NOT_NEGATIVE)),
        section.orDefault("l2", Defaults.PENALTY, Rule.number(Range.NOT_NEGATIVE)));
  }

  private static Initializer constant(Settings options) {
    return new Initializer.Constant(
        options.orDefault("value", Defaults.INITIAL_VALUE, Rule.number(Range.ANY)));
  }

  private static Initializer uniform(Settings options) {
    return new Initializer.Uniform(
        options.orDefault("minval", -Defaults.INITIAL_REACH, Rule.number(Range.ANY)),
        options.orDefault("maxval", Defaults.INITIAL_REACH, Rule.number(Range.ANY)));
  }

  private static Initializer normal(Settings options) {
    return new Initializer.Normal(mean(options), deviation(options));
  }

  private static Initializer truncatedNormal(Settings options) {
    return new Initializer.TruncatedNormal(mean(options), deviation(options));
  }

  private static Initializer orthogonal(Settings options) {
    return new Initializer.Orthogonal(
        options.orDefault("gain", Defaults.INITIAL_GAIN, Rule.number(Range.ANY)));
  }

  private static double mean(Settings options) {
    return options.orDefault("mean", Defaults.INITIAL_VALUE, Rule.number(Range.ANY));
  }

  private static double deviation(Settings options) {
    return options.orDefault("stddev", Defaults.INITIAL_REACH, Rule.number(Range.NOT_NEGATIVE));
  }
}
