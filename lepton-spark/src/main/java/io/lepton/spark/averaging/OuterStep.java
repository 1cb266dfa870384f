package io.lepton.spark.averaging;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.OuterOptimizer.Adam;
import io.lepton.spark.averaging.OuterOptimizer.Momentum;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An outer optimizer at work, with its state: none, one or two vectors as long as the parameters,
 * outside the heap. A round takes hold when it is committed; until then it can begin anew. State
 * that was committed is never written to again. One thread.
 */
public final class OuterStep {
  private static final String MOMENTUM = "momentum";
  private static final String FIRST_MOMENT = "m";
  private static final String SECOND_MOMENT = "v";

  private final OuterOptimizer optimizer;
  private final WeightRanges weights;
  private Map<String, FlatVector> state;
  private Map<String, FlatVector> next = Map.of();
  private long rounds;

  /**
   * The optimizer before its first round.
   *
   * @param size of the parameters, in elements
   */
  public OuterStep(OuterOptimizer optimizer, WeightRanges weights, int size) {
    this.optimizer = optimizer;
    this.weights = weights;
    this.state = zeros(names(optimizer), size);
  }

  /** A round begins: its pieces follow, in any order. */
  public void begin() {
    next = new TreeMap<>(state);
    next.replaceAll((name, vector) -> FlatVector.allocate(vector.size()));
  }

  /**
   * Moves a piece of the parameters.
   *
   * @param mean of the replicas' deltas, from its first element on
   * @param from first element of the piece in the parameters
   * @param count elements
   * @param result where the moved piece is written; may be {@code start} itself
   */
  public void apply(FlatVector start, double[] mean, int from, int count, FlatVector result) {
    for (int i = 0; i < count; i++) {
      result.set(from + i, (float) (start.get(from + i) + mean[i]));
    }
    if (!optimizer.equals(OuterOptimizer.PLAIN)) {
      weights.within(
          from, from + count, (first, end) -> move(start, mean, from, first, end, result));
    }
  }

  /** The round holds. */
  public void commit() {
    state = next;
    rounds++;
  }

  /** Rounds that hold. */
  public long rounds() {
    return rounds;
  }

  /** The state by name, to be kept in a checkpoint; not copied. */
  public Map<String, FlatVector> state() {
    return Map.copyOf(state);
  }

  /** Goes on from a state that {@link #state} gave after some rounds. */
  public void restore(Map<String, FlatVector> saved, long savedRounds) {
    if (!saved.keySet().equals(state.keySet())) {
      throw new IllegalArgumentException(
          "the outer optimizer keeps %s, but what was saved is: %s"
              .formatted(state.keySet(), saved.keySet()));
    }
    state = new TreeMap<>(saved);
    rounds = savedRounds;
  }

  private void move(
      FlatVector start, double[] mean, int from, int first, int end, FlatVector result) {
    if (optimizer instanceof Adam adam) {
      adapt(adam, start, mean, from, first, end, result);
    } else {
      descend((Momentum) optimizer, start, mean, from, first, end, result);
    }
  }

  private void descend(
      Momentum rule,
      FlatVector start,
      double[] mean,
      int from,
      int first,
      int end,
      FlatVector result) {
    FlatVector before = state.get(MOMENTUM);
    FlatVector after = next.get(MOMENTUM);
    for (int i = first; i < end; i++) {
      double move = mean[i - from];
      if (before != null) {
        double gathered = rule.momentum() * before.get(i) + move;
        after.set(i, (float) gathered);
        move = rule.nesterov() ? move + rule.momentum() * gathered : gathered;
      }
      result.set(i, (float) (start.get(i) + rule.rate() * move));
    }
  }

  private void adapt(
      Adam rule, FlatVector start, double[] mean, int from, int first, int end, FlatVector result) {
    FlatVector m = state.get(FIRST_MOMENT);
    FlatVector v = state.get(SECOND_MOMENT);
    FlatVector nextM = next.get(FIRST_MOMENT);
    FlatVector nextV = next.get(SECOND_MOMENT);
    double grown1 = 1 - Math.pow(rule.beta1(), (double) rounds + 1);
    double grown2 = 1 - Math.pow(rule.beta2(), (double) rounds + 1);
    for (int i = first; i < end; i++) {
      double move = mean[i - from];
      double mean1 = rule.beta1() * m.get(i) + (1 - rule.beta1()) * move;
      double mean2 = rule.beta2() * v.get(i) + (1 - rule.beta2()) * move * move;
      nextM.set(i, (float) mean1);
      nextV.set(i, (float) mean2);
      double change = (mean1 / grown1) / (Math.sqrt(mean2 / grown2) + rule.epsilon());
      result.set(i, (float) (start.get(i) + rule.rate() * change));
    }
  }

  private static List<String> names(OuterOptimizer optimizer) {
    if (optimizer instanceof Adam) {
      return List.of(FIRST_MOMENT, SECOND_MOMENT);
    }
    return ((Momentum) optimizer).momentum() > 0 ? List.of(MOMENTUM) : List.of();
  }

  private static Map<String, FlatVector> zeros(List<String> names, int size) {
    Map<String, FlatVector> zeros = new TreeMap<>();
    names.forEach(name -> zeros.put(name, FlatVector.allocate(size)));
    return zeros;
  }
}
