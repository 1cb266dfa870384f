package io.lepton.jobs.config;

import io.lepton.spark.data.InputSpec;
import java.util.List;
import java.util.Optional;

/** Reads the settings of one input. */
final class InputSection {
  private static final int IMAGE_RANK = 3;

  private InputSection() {}

  static InputSpec read(String name, Settings input) {
    input.exactlyOne("column", "columns");
    Optional<String> column = input.optional("column", Rule.text());
    Optional<List<String>> columns = input.optional("columns", Rule.oneOrMore(Rule.text()));
    InputType type = input.orDefault("type", Defaults.INPUT_TYPE, Rule.word(InputType.class));
    Optional<List<Integer>> shape = input.optional("shape", Rule.listOf(Rule.integer(1)));
    if (type == InputType.IMAGE && input.noneWrong("shape")) {
      requireImage(input, shape.orElse(List.of()));
    }
    return new InputSpec(
        name,
        column.map(List::of).or(() -> columns).orElse(List.of()),
        type.element(),
        shape.orElse(List.of()));
  }

  /** The shape of one example; empty where only the data knows it, as of one column of arrays. */
  static Optional<List<Integer>> shape(InputSpec input) {
    if (!input.shape().isEmpty()) {
      return Optional.of(input.shape());
    }
    boolean literal = input.columns().stream().noneMatch(column -> column.endsWith("*"));
    int columns = input.columns().size();
    return literal && columns > 1 ? Optional.of(List.of(columns)) : Optional.empty();
  }

  private static void requireImage(Settings input, List<Integer> shape) {
    if (shape.size() != IMAGE_RANK) {
      input.refuse(
          "shape",
          "must have the 3 dimensions [height, width, channels] as type = image",
          "write for example shape = [28, 28, 1]");
    }
  }
}
