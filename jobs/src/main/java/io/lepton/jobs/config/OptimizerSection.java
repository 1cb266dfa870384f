package io.lepton.jobs.config;

import io.lepton.tf.model.Optimizer;
import java.util.List;

/** Reads the optimizer: an object whose one key is its kind. */
final class OptimizerSection {
  private static final String ADAM = "adam";
  private static final String SGD = "sgd";
  private static final Optimizer STAND_IN = new Optimizer.Sgd(1, 0);

  private OptimizerSection() {}

  static Optimizer read(Settings optimizer) {
    if (optimizer.isEmpty()) {
      return of(Defaults.OPTIMIZER, optimizer.section(Defaults.OPTIMIZER));
    }
    return optimizer
        .variant(List.of(ADAM, SGD))
        .map(it -> of(it.kind(), it.settings()))
        .orElse(STAND_IN);
  }

  private static Optimizer of(String kind, Settings options) {
    return options
        .<Optimizer>make(() -> kind.equals(SGD) ? sgd(options) : adam(options))
        .orElse(STAND_IN);
  }

  private static Optimizer adam(Settings options) {
    return new Optimizer.Adam(
        options.orDefault(
            "learning-rate", Defaults.ADAM_LEARNING_RATE, Rule.number(Range.POSITIVE)),
        options.orDefault("beta1", Defaults.ADAM_BETA1, Rule.number(Range.FRACTION)),
        options.orDefault("beta2", Defaults.ADAM_BETA2, Rule.number(Range.FRACTION)),
        options.orDefault("epsilon", Defaults.ADAM_EPSILON, Rule.number(Range.POSITIVE)));
  }

  private static Optimizer sgd(Settings options) {
    return new Optimizer.Sgd(
        options.orDefault("learning-rate", Defaults.SGD_LEARNING_RATE, Rule.number(Range.POSITIVE)),
        options.orDefault("momentum", Defaults.SGD_MOMENTUM, Rule.number(Range.FRACTION)));
  }
}
