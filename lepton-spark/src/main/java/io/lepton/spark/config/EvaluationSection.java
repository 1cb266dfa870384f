package io.lepton.spark.config;

import io.lepton.spark.evaluation.Bootstrap;
import io.lepton.spark.evaluation.ClassOptions;
import io.lepton.spark.evaluation.EvaluationOptions;
import io.lepton.spark.evaluation.ThresholdGoal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How predictions are evaluated.
 *
 * @param slices columns whose every value is evaluated by itself, too
 * @param row column that tells rows apart for the bootstrap; empty for a hash of the data's columns
 * @param bootstrap for intervals
 * @param classes what classifications are told
 * @param quantiles of pinball losses of numbers
 * @param ranking of items by user; empty if labels are not relevances
 */
public record EvaluationSection(
    List<String> slices,
    Optional<String> row,
    Bootstrap bootstrap,
    ClassOptions classes,
    List<Double> quantiles,
    Optional<Ranking> ranking) {

  /**
   * That rows are of one user and one item each.
   *
   * @param user column of the user
   * @param cutoffs how many items are looked at
   */
  public record Ranking(String user, List<Integer> cutoffs) {
    public Ranking {
      cutoffs = List.copyOf(cutoffs);
    }
  }

  public EvaluationSection {
    slices = List.copyOf(slices);
    quantiles = List.copyOf(quantiles);
  }

  /**
   * What every evaluation is told.
   *
   * @param weight column of example weights; empty for weight 1
   */
  public EvaluationOptions options(Optional<String> weight) {
    return new EvaluationOptions(weight, slices, bootstrap, row);
  }

  static EvaluationSection read(Settings evaluation, long seed) {
    ClassOptions fallback = ClassOptions.DEFAULT;
    Rule<Integer> count = Rule.integer(1);
    return new EvaluationSection(
        evaluation.optional("slices", Rule.oneOrMore(Rule.text())).orElse(List.of()),
        evaluation.optional("row-column", Rule.text()),
        new Bootstrap(
            evaluation.orDefault("bootstrap", Defaults.REPLICATES, Rule.integer(0)),
            evaluation.orDefault(
                "confidence", Defaults.CONFIDENCE, Rule.number(Range.INNER_FRACTION)),
            seed),
        new ClassOptions(
            evaluation.orDefault(
                "threshold", fallback.threshold(), Rule.number(Range.INNER_FRACTION)),
            evaluation.orDefault("top-k", fallback.tops(), Rule.oneOrMore(count)),
            evaluation.orDefault("bins", fallback.bins(), count),
            goals(evaluation)),
        evaluation
            .optional("quantiles", Rule.oneOrMore(Rule.number(Range.INNER_FRACTION)))
            .orElse(List.of()),
        evaluation.optionalSection("ranking").map(EvaluationSection::ranking));
  }

  private static List<ThresholdGoal> goals(Settings evaluation) {
    Rule<Double> share = Rule.number(Range.POSITIVE_SHARE);
    List<ThresholdGoal> goals = new ArrayList<>(ClassOptions.DEFAULT.goals());
    evaluation
        .optional("wanted-precision", share)
        .map(ThresholdGoal.WantedPrecision::new)
        .ifPresent(goals::add);
    evaluation
        .optional("wanted-recall", share)
        .map(ThresholdGoal.WantedRecall::new)
        .ifPresent(goals::add);
    evaluation.optionalSection("costs").map(EvaluationSection::costs).ifPresent(goals::add);
    return goals;
  }

  private static ThresholdGoal costs(Settings costs) {
    Rule<Double> cost = Rule.number(Range.NOT_NEGATIVE);
    return new ThresholdGoal.LeastCost(
        costs.required("false-positive", cost), costs.required("false-negative", cost));
  }

  private static Ranking ranking(Settings ranking) {
    return new Ranking(
        ranking.required("user", Rule.text()),
        ranking.orDefault("cutoffs", Defaults.CUTOFFS, Rule.oneOrMore(Rule.integer(1))));
  }
}
