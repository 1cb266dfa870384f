package io.lepton.tf.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happens around the optimizer's rule. Patterns are names of weights in which a star stands
 * for any characters, as in {@code embedding_0/*}; one that matches no weight is refused.
 *
 * @param clipping of gradients, after they were accumulated
 * @param accumulate steps whose batches make up one update, as if they were one batch. Groups are
 *     counted by the number of the step over the whole training and carried over rounds and epochs;
 *     the last one, if it is incomplete, changes nothing
 * @param lazy whether the rule passes over rows of an embedding that a batch does not look up: it
 *     then costs nothing for them, but momentum does not move them and moments do not fade. Rules
 *     that need a whole weight (LAMB, Adafactor) do not know it
 * @param frozen patterns of weights that stay as they are; they have no gradient and no state.
 *     State of layers that matches stays too: a batch normalization whose moving mean is frozen
 *     computes as it does outside training
 * @param rates factors of the learning rate by pattern; those of all patterns that match multiply
 */
public record UpdateOptions(
    Clipping clipping, int accumulate, boolean lazy, List<String> frozen, Map<String, Double> rates)
    implements Serializable {
  /** The rule and nothing else. */
  public static final UpdateOptions PLAIN =
      new UpdateOptions(new Clipping.None(), 1, false, List.of(), Map.of());

  public UpdateOptions {
    if (accumulate < 1) {
      throw new IllegalArgumentException("accumulate must be positive, but was: " + accumulate);
    }
    if (lazy && accumulate > 1) {
      throw new IllegalArgumentException(
          "lazy updates must be of one step each, but accumulate was: " + accumulate);
    }
    frozen = List.copyOf(frozen);
    rates = Collections.unmodifiableSortedMap(new TreeMap<>(rates));
    rates.forEach(
        (pattern, rate) -> {
          if (!(rate > 0) || rate.isInfinite()) {
            throw new IllegalArgumentException(
                "the factor of '%s' must be positive, but was: %s".formatted(pattern, rate));
          }
        });
  }

  /** The same with more patterns of weights that stay as they are. */
  public UpdateOptions freezing(List<String> patterns) {
    List<String> all = new ArrayList<>(frozen);
    all.addAll(patterns);
    return new UpdateOptions(clipping, accumulate, lazy, all, rates);
  }

  boolean freezes(String weight) {
    return NamePattern.anyMatches(frozen, weight);
  }

  double rate(String weight) {
    return rates.entrySet().stream()
        .filter(entry -> new NamePattern(entry.getKey()).matches(weight))
        .mapToDouble(Map.Entry::getValue)
        .reduce(1, (a, b) -> a * b);
  }
}
