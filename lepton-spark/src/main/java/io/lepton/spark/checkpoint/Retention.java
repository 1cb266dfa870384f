package io.lepton.spark.checkpoint;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which checkpoints stay: the newest, and those of the best evaluations. */
final class Retention {
  private Retention() {}

  /** Rounds of the whole checkpoints that need not stay. */
  static Set<Integer> surplus(List<Manifest> whole, CheckpointOptions options) {
    Set<Integer> surplus = new HashSet<>(whole.stream().map(Manifest::round).toList());
    first(options.keepLast(), whole.stream().sorted(newestFirst())).forEach(surplus::remove);
    Stream<Manifest> evaluated = whole.stream().filter(it -> !Double.isNaN(it.score()));
    Comparator<Manifest> best = Comparator.comparingDouble(Manifest::score).reversed();
    first(options.keepBest(), evaluated.sorted(best.thenComparing(newestFirst())))
        .forEach(surplus::remove);
    return surplus;
  }

  private static Comparator<Manifest> newestFirst() {
    return Comparator.comparingInt(Manifest::round).reversed();
  }

  private static List<Integer> first(int count, Stream<Manifest> sorted) {
    return sorted.limit(count).map(Manifest::round).toList();
  }
}
