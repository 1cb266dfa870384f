package io.lepton.spark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Collects problems, so that all of them are reported at once. */
final class Problems {
  private final List<Problem> all = new ArrayList<>();

  void add(Problem problem) {
    all.add(problem);
  }

  boolean none() {
    return all.isEmpty();
  }

  /** Whether nothing is wrong at these paths, below them or with what holds them. */
  boolean noneAt(String... paths) {
    return all.stream()
        .map(Problem::path)
        .noneMatch(at -> Stream.of(paths).anyMatch(path -> within(at, path) || within(path, at)));
  }

  /**
   * Ends the collection.
   *
   * @throws ConfigurationException if there was a problem
   */
  void throwIfAny() {
    if (!all.isEmpty()) {
      throw new ConfigurationException(all);
    }
  }

  private static boolean within(String path, String outer) {
    return path.equals(outer) || path.startsWith(outer + ".") || path.startsWith(outer + "[");
  }
}
