package io.lepton.spark.config;

import io.lepton.tf.model.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the optimizer: an object whose one key is its kind. */
final class OptimizerSection {
  private static final Map<String, Function<Settings, Optimizer>> KINDS =
      new TreeMap<>(
          Map.of(
              "adafactor", OptimizerSection::adafactor,
              "adagrad", OptimizerSection::adagrad,
              "adam", OptimizerSection::adam,
              "adamw", OptimizerSection::adamW,
              "lamb", OptimizerSection::lamb,
              "lion", OptimizerSection::lion,
              "nesterov", OptimizerSection::nesterov,
              "rmsprop", OptimizerSection::rmsProp,
              "sgd", OptimizerSection::sgd));
  private static final Optimizer STAND_IN = new Optimizer.Sgd(1, 0);

  private OptimizerSection() {}

  static Optimizer read(Settings optimizer) {
    if (optimizer.isEmpty()) {
      return of(Defaults.OPTIMIZER, optimizer.section(Defaults.OPTIMIZER));
    }
    return optimizer
        .variant(List.copyOf(KINDS.keySet()))
        .map(it -> of(it.kind(), it.settings()))
        .orElse(STAND_IN);
  }

  private static Optimizer of(String kind, Settings options) {
    return options.make(() -> KINDS.get(kind).apply(options)).orElse(STAND_IN);
  }

  private static Optimizer sgd(Settings options) {
    return new Optimizer.Sgd(
        positive(options, "learning-rate", Defaults.SGD_LEARNING_RATE),
        fraction(options, "momentum", Defaults.SGD_MOMENTUM));
  }

  private static Optimizer nesterov(Settings options) {
    return new Optimizer.Nesterov(
        positive(options, "learning-rate", Defaults.SGD_LEARNING_RATE),
        fraction(options, "momentum", Defaults.NESTEROV_MOMENTUM));
  }

  private static Optimizer adam(Settings options) {
    return new Optimizer.Adam(
        positive(options, "learning-rate", Defaults.ADAM_LEARNING_RATE),
        fraction(options, "beta1", Defaults.ADAM_BETA1),
        fraction(options, "beta2", Defaults.ADAM_BETA2),
        positive(options, "epsilon", Defaults.ADAM_EPSILON));
  }

  private static Optimizer adamW(Settings options) {
    return new Optimizer.AdamW(
        positive(options, "learning-rate", Defaults.ADAM_LEARNING_RATE),
        fraction(options, "beta1", Defaults.ADAM_BETA1),
        fraction(options, "beta2", Defaults.ADAM_BETA2),
        positive(options, "epsilon", Defaults.ADAM_EPSILON),
        decay(options, Defaults.ADAMW_WEIGHT_DECAY),
        notDecayed(options));
  }

  private static Optimizer adagrad(Settings options) {
    return new Optimizer.Adagrad(
        positive(options, "learning-rate", Defaults.ADAM_LEARNING_RATE),
        options.orDefault(
            "initial-accumulator", Defaults.ADAGRAD_ACCUMULATOR, Rule.number(Range.NOT_NEGATIVE)),
        positive(options, "epsilon", Defaults.ADAM_EPSILON));
  }

  private static Optimizer rmsProp(Settings options) {
    return new Optimizer.RmsProp(
        positive(options, "learning-rate", Defaults.ADAM_LEARNING_RATE),
        fraction(options, "rho", Defaults.RMSPROP_RHO),
        fraction(options, "momentum", Defaults.SGD_MOMENTUM),
        positive(options, "epsilon", Defaults.ADAM_EPSILON),
        options.orDefault("centered", Defaults.RMSPROP_CENTERED, Rule.flag()));
  }

  private static Optimizer lamb(Settings options) {
    return new Optimizer.Lamb(
        positive(options, "learning-rate", Defaults.ADAM_LEARNING_RATE),
        fraction(options, "beta1", Defaults.ADAM_BETA1),
        fraction(options, "beta2", Defaults.ADAM_BETA2),
        positive(options, "epsilon", Defaults.ADAM_EPSILON),
        decay(options, Defaults.WEIGHT_DECAY),
        notDecayed(options));
  }

  private static Optimizer adafactor(Settings options) {
    return new Optimizer.Adafactor(
        positive(options, "learning-rate", Defaults.ADAM_LEARNING_RATE),
        options.orDefault("beta2-decay", Defaults.ADAFACTOR_BETA2_DECAY, Rule.number(Range.ANY)),
        positive(options, "epsilon1", Defaults.ADAFACTOR_EPSILON1),
        positive(options, "epsilon2", Defaults.ADAFACTOR_EPSILON2),
        positive(options, "clip-threshold", Defaults.ADAFACTOR_CLIP_THRESHOLD));
  }

  private static Optimizer lion(Settings options) {
    return new Optimizer.Lion(
        positive(options, "learning-rate", Defaults.ADAM_LEARNING_RATE),
        fraction(options, "beta1", Defaults.ADAM_BETA1),
        fraction(options, "beta2", Defaults.LION_BETA2),
        decay(options, Defaults.WEIGHT_DECAY),
        notDecayed(options));
  }

  private static double positive(Settings options, String key, double fallback) {
    return options.orDefault(key, fallback, Rule.number(Range.POSITIVE));
  }

  private static double fraction(Settings options, String key, double fallback) {
    return options.orDefault(key, fallback, Rule.number(Range.FRACTION));
  }

  private static double decay(Settings options, double fallback) {
    return options.orDefault("weight-decay", fallback, Rule.number(Range.NOT_NEGATIVE));
  }

  private static List<String> notDecayed(Settings options) {
    return options.orDefault("not-decayed", Optimizer.NOT_DECAYED, Rule.oneOrMore(Rule.text()));
  }
}
