package io.lepton.spark.config;

import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.Averaging.OptimizerState;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.RateScale;
import io.lepton.spark.averaging.Rollback;
import io.lepton.tf.model.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads how replicas are averaged. */
final class AveragingSection {
  private static final Map<String, Function<Settings, OuterOptimizer>> OUTER =
      new TreeMap<>(
          Map.of(
              "adam", AveragingSection::adam,
              "momentum", options -> momentum(options, Defaults.OUTER_RATE, false),
              "nesterov", options -> momentum(options, Defaults.OUTER_NESTEROV_RATE, true)));

  private static final String REPLICAS = "replicas";
  private static final String AUTO = "auto";

  private AveragingSection() {}

  /**
   * Reads the section.
   *
   * @param session that says whether every run must give the same bits
   */
  static Averaging read(Settings averaging, SessionSection session) {
    Averaging read =
        new Averaging(
            replicas(averaging, session),
            LocalStepsSection.read(averaging),
            averaging
                .optionalSection("outer")
                .flatMap(AveragingSection::outer)
                .orElse(OuterOptimizer.PLAIN),
            averaging.orDefault(
                "optimizer-state",
                Defaults.OPTIMIZER_STATE,
                Rule.word(Averaging.OptimizerState.class)),
            averaging.orDefault("codec", Defaults.DELTA_CODEC, Rule.word(DeltaCodec.class)),
            averaging.orDefault("error-feedback", Defaults.ERROR_FEEDBACK, Rule.flag()),
            averaging.orDefault("down-codec", Defaults.DOWN_CODEC, Rule.word(DeltaCodec.class)),
            Rollback.NEVER,
            averaging.orDefault("fold-width", Defaults.FOLD_WIDTH, Rule.integer(2)),
            foldThreads(averaging),
            averaging.orDefault(
                "learning-rate-scale", Defaults.RATE_SCALE, Rule.word(RateScale.class)));
    return averaging
        .optionalSection("rollback")
        .flatMap(it -> it.make(() -> rollback(it)))
        .map(read::with)
        .orElse(read);
  }

  /** As many as run at a time where bits may depend on the cluster. */
  private static int replicas(Settings averaging, SessionSection session) {
    boolean isFixed = session.deterministic();
    Object replicas =
        averaging.orDefault(
            REPLICAS,
            isFixed ? (Object) Defaults.FIXED_REPLICAS : AUTO,
            Rule.either(Rule.integer(1), Rule.oneOf(List.of(AUTO), it -> it)));
    if (isFixed && replicas.equals(AUTO)) {
      averaging.refuse(
          REPLICAS,
          "must be a number where session.deterministic = true, as clusters differ",
          "set one, such as %d".formatted(Defaults.FIXED_REPLICAS));
      return Defaults.FIXED_REPLICAS;
    }
    return replicas instanceof Integer number ? number : Averaging.AUTO;
  }

  private static int foldThreads(Settings averaging) {
    Object threads =
        averaging.orDefault(
            "fold-threads",
            (Object) Defaults.FOLD_THREADS,
            Rule.either(
                Rule.integer(1, Averaging.MOST_FOLD_THREADS), Rule.oneOf(List.of(AUTO), it -> it)));
    return threads instanceof Integer number ? number : Averaging.AUTO;
  }

  private static Rollback rollback(Settings rollback) {
    return new Rollback(
        rollback.orDefault("spike", Defaults.SPIKE, Rule.number(Range.POSITIVE)),
        rollback.orDefault(
            "rate-factor", Defaults.ROLLBACK_RATE_FACTOR, Rule.number(Range.POSITIVE)),
        rollback.orDefault("most", Defaults.MOST_ROLLBACKS, Rule.integer(0)));
  }

  /** Refuses codecs that would round averaged squares of gradients to nothing. */
  static void check(Settings settings, Averaging averaging, Optimizer optimizer) {
    boolean squares =
        !(optimizer instanceof Optimizer.Sgd
            || optimizer instanceof Optimizer.Nesterov
            || optimizer instanceof Optimizer.Lion);
    if (squares && averaging.optimizerState() == OptimizerState.AVERAGED) {
      refuseCoarse(settings, "codec", averaging.codec());
      refuseCoarse(settings, "down-codec", averaging.downCodec());
    }
  }

  private static void refuseCoarse(Settings settings, String key, DeltaCodec codec) {
    if (codec != DeltaCodec.FLOAT32 && codec != DeltaCodec.BFLOAT16) {
      settings.refuse(
          key,
          "is too coarse for the squares of gradients that training.optimizer keeps where"
              + " averaging.optimizer-state = averaged",
          "set optimizer-state = kept or reset, or %s = bfloat16".formatted(key));
    }
  }

  private static Optional<OuterOptimizer> outer(Settings outer) {
    return outer
        .variant(List.copyOf(OUTER.keySet()))
        .flatMap(it -> it.settings().make(() -> OUTER.get(it.kind()).apply(it.settings())));
  }

  private static OuterOptimizer momentum(Settings options, double rate, boolean nesterov) {
    return new OuterOptimizer.Momentum(
        options.orDefault("rate", rate, Rule.number(Range.POSITIVE)),
        options.orDefault("momentum", Defaults.OUTER_MOMENTUM, Rule.number(Range.FRACTION)),
        nesterov);
  }

  private static OuterOptimizer adam(Settings options) {
    return new OuterOptimizer.Adam(
        options.orDefault("rate", Defaults.OUTER_ADAM_RATE, Rule.number(Range.POSITIVE)),
        options.orDefault("beta1", Defaults.ADAM_BETA1, Rule.number(Range.FRACTION)),
        options.orDefault("beta2", Defaults.OUTER_ADAM_BETA2, Rule.number(Range.FRACTION)),
        options.orDefault("epsilon", Defaults.OUTER_ADAM_EPSILON, Rule.number(Range.POSITIVE)));
  }
}
