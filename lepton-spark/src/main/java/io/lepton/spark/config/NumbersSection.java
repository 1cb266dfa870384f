package io.lepton.spark.config;

import io.lepton.spark.data.Filling;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.Missing;
import io.lepton.spark.data.Normalization;
import io.lepton.spark.data.NumberOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how numbers are prepared. */
final class NumbersSection {
  private static final Rule<Object> FILL =
      Rule.either(
          Rule.oneOf(List.of(Filling.MEAN, Filling.MEDIAN), Display::word), Rule.number(Range.ANY));

  private NumbersSection() {}

  static InputKind.Numbers read(InputType type, Settings input) {
    List<Integer> shape = input.optional("shape", Rule.listOf(Rule.integer(1))).orElse(List.of());
    NumberOptions options = options(input, NumberOptions.PLAIN);
    Map<String, NumberOptions> overrides = new LinkedHashMap<>();
    input
        .optionalSection("by-column")
        .ifPresent(
            columns ->
                columns
                    .named()
                    .forEach((column, it) -> overrides.put(column, options(it, options))));
    return new InputKind.Numbers(type.element().orElse(null), shape, options, overrides);
  }

  /** The shape of one example as layers see it; empty where only the data knows it. */
  static Optional<List<Integer>> shape(InputSpec input, InputKind.Numbers numbers) {
    boolean masked =
        numbers.options().missing() == Missing.MASK
            || numbers.overrides().values().stream().anyMatch(it -> it.missing() == Missing.MASK);
    if (masked) {
      return Optional.empty();
    }
    return numbers.shape().isEmpty()
        ? width(input).filter(shape -> shape.get(0) > 1)
        : Optional.of(numbers.shape());
  }

  /** The shape of scalar columns side by side; empty where a pattern names them. */
  static Optional<List<Integer>> width(InputSpec input) {
    boolean literal = input.columns().stream().noneMatch(column -> column.endsWith("*"));
    return literal ? Optional.of(List.of(input.columns().size())) : Optional.empty();
  }

  private static NumberOptions options(Settings input, NumberOptions fallback) {
    Missing missing = input.orDefault("missing", fallback.missing(), Rule.word(Missing.class));
    Object fill = input.orDefault("fill", fill(fallback), FILL);
    Optional<List<Double>> clip = input.optional("clip", Rule.listOf(Rule.number(Range.ANY)));
    if (clip.isPresent() && !isRange(clip.get())) {
      input.refuse("clip", "must be a lower and a higher number", "write clip = [0, 100]");
    }
    Optional<List<Double>> range = clip.filter(NumbersSection::isRange);
    return new NumberOptions(
        missing,
        fill instanceof Filling filling ? filling : Filling.CONSTANT,
        fill instanceof Double constant ? constant : 0,
        range.map(it -> it.get(0)).orElse(fallback.low()),
        range.map(it -> it.get(1)).orElse(fallback.high()),
        input.orDefault("log", fallback.log(), Rule.flag()),
        input.orDefault("normalize", fallback.normalization(), Rule.word(Normalization.class)));
  }

  private static Object fill(NumberOptions options) {
    return options.filling() == Filling.CONSTANT ? (Object) options.constant() : options.filling();
  }

  private static boolean isRange(List<Double> clip) {
    return clip.size() == 2 && clip.get(0) < clip.get(1);
  }
}
