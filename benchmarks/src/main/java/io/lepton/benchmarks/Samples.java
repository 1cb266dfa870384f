package io.lepton.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

/** Repeated measurements of one thing, smallest first; at least one. */
record Samples(List<Double> sorted) {
  Samples {
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("samples must not be empty");
    }
    sorted = sorted.stream().sorted().toList();
  }

  /** Of each sample over the one taken in the same round. */
  static Samples ratios(List<Double> over, List<Double> under) {
    return new Samples(
        IntStream.range(0, over.size()).mapToObj(i -> over.get(i) / under.get(i)).toList());
  }

  int count() {
    return sorted.size();
  }

  double min() {
    return sorted.get(0);
  }

  double max() {
    return sorted.get(count() - 1);
  }

  /** The middle one, or the mean of the middle two. */
  double median() {
    return (sorted.get((count() - 1) / 2) + sorted.get(count() / 2)) / 2;
  }
}
