package io.lepton.spark.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A configuration cannot be used; the message lists every problem on a numbered line. */
public final class ConfigurationException extends RuntimeException {
  private final List<Problem> problems;

  ConfigurationException(List<Problem> problems) {
    super(describe(problems));
    this.problems = List.copyOf(problems);
  }

  /** Every problem found, in the order of reading. */
  public List<Problem> problems() {
    return problems;
  }

  private static String describe(List<Problem> problems) {
    String title =
        problems.size() == 1
            ? "The configuration has a problem:"
            : "The configuration has %d problems:".formatted(problems.size());
    return IntStream.range(0, problems.size())
        .mapToObj(i -> "  %d. %s".formatted(i + 1, problems.get(i)))
        .collect(Collectors.joining("\n", title + "\n", ""));
  }
}
