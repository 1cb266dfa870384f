package io.lepton.tf.model;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a model says of the weights of one layer, by their names within the layer such as {@code
 * kernel}; of what is not named, the layer's own rules hold.
 *
 * @param initializers instead of the layer's own
 * @param penalties added to the loss that is differentiated, not to the one that is reported
 * @param maxNorms after each step, a vector along the first dimension that is longer is scaled down
 *     to this Euclidean length (Srebro, 2004)
 */
public record WeightOptions(
    Map<String, Initializer> initializers,
    Map<String, Penalty> penalties,
    Map<String, Double> maxNorms)
    implements Serializable {
  public static final WeightOptions NONE = new WeightOptions(Map.of(), Map.of(), Map.of());

  /** {@code l1·Σ|w| + l2·Σw²}. */
  public record Penalty(double l1, double l2) implements Serializable {
    public Penalty {
      Numbers.requireNotNegative("l1", l1);
      Numbers.requireNotNegative("l2", l2);
    }
  }

  public WeightOptions {
    initializers = new TreeMap<>(initializers);
    penalties = new TreeMap<>(penalties);
    maxNorms = new TreeMap<>(maxNorms);
    maxNorms.values().forEach(norm -> Numbers.requirePositive("max-norm", norm));
  }

  /** With initial values of one weight. */
  public WeightOptions initialized(String weight, Initializer initializer) {
    Map<String, Initializer> more = new TreeMap<>(initializers);
    more.put(weight, initializer);
    return new WeightOptions(more, penalties, maxNorms);
  }

  /** With a penalty on one weight. */
  public WeightOptions penalized(String weight, Penalty penalty) {
    Map<String, Penalty> more = new TreeMap<>(penalties);
    more.put(weight, penalty);
    return new WeightOptions(initializers, more, maxNorms);
  }

  /** With a limit of one weight's norms. */
  public WeightOptions limited(String weight, double maxNorm) {
    Map<String, Double> more = new TreeMap<>(maxNorms);
    more.put(weight, maxNorm);
    return new WeightOptions(initializers, penalties, more);
  }

  /** Of all weights of which something is said. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(initializers.keySet());
    names.addAll(penalties.keySet());
    names.addAll(maxNorms.keySet());
    return names;
  }

  Weight applyTo(Weight weight) {
    Initializer initializer = initializers.get(weight.shortName());
    return initializer == null ? weight : weight.startingFrom(initializer);
  }
}
