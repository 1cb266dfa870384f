package io.lepton.spark.averaging;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.OuterOptimizer.Adam;
import io.lepton.spark.averaging.OuterOptimizer.Momentum;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An outer optimizer at work, with its state: none, one or two vectors as long as the parameters,
 * outside the heap. Parameters may be given in pieces, in any order. One thread.
 */
public final class OuterStep {
  private final OuterOptimizer optimizer;
  private final WeightRanges weights;
  private final Map<String, FlatVector> state = new LinkedHashMap<>();
  private long rounds;

  /**
   * The optimizer before its first round.
   *
   * @param size of the parameters, in elements
   */
  public OuterStep(OuterOptimizer optimizer, WeightRanges weights, int size) {
    this.optimizer = optimizer;
    this.weights = weights;
    if (optimizer instanceof Adam) {
      state.put("m", FlatVector.allocate(size));
      state.put("v", FlatVector.allocate(size));
    } else if (((Momentum) optimizer).momentum() > 0) {
      state.put("momentum", FlatVector.allocate(size));
    }
  }

  /** A round begins: its pieces follow. */
  public void begin() {
    rounds++;
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
          from,
          from + count,
          (first, end) -> {
            if (optimizer instanceof Adam adam) {
              adapt(adam, start, mean, from, first, end, result);
            } else {
              descend((Momentum) optimizer, start, mean, from, first, end, result);
            }
          });
    }
  }

  /** Rounds begun so far. */
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
    state.forEach((name, vector) -> vector.floats().put(saved.get(name).floats()));
    rounds = savedRounds;
  }

  /** Forgets all rounds. */
  public void reset() {
    rounds = 0;
    state.replaceAll((name, vector) -> FlatVector.allocate(vector.size()));
  }

  private void descend(
      Momentum rule,
      FlatVector start,
      double[] mean,
      int from,
      int first,
      int end,
      FlatVector result) {
    FlatVector velocity = state.get("momentum");
    for (int i = first; i < end; i++) {
      double move = mean[i - from];
      if (velocity != null) {
        double gathered = rule.momentum() * velocity.get(i) + move;
        velocity.set(i, (float) gathered);
        move = rule.nesterov() ? move + rule.momentum() * gathered : gathered;
      }
      result.set(i, (float) (start.get(i) + rule.rate() * move));
    }
  }

  private void adapt(
      Adam rule, FlatVector start, double[] mean, int from, int first, int end, FlatVector result) {
    FlatVector m = state.get("m");
    FlatVector v = state.get("v");
    double grown1 = 1 - Math.pow(rule.beta1(), (double) rounds);
    double grown2 = 1 - Math.pow(rule.beta2(), (double) rounds);
    for (int i = first; i < end; i++) {
      double move = mean[i - from];
      double first1 = rule.beta1() * m.get(i) + (1 - rule.beta1()) * move;
      double second = rule.beta2() * v.get(i) + (1 - rule.beta2()) * move * move;
      m.set(i, (float) first1);
      v.set(i, (float) second);
      double change = (first1 / grown1) / (Math.sqrt(second / grown2) + rule.epsilon());
      result.set(i, (float) (start.get(i) + rule.rate() * change));
    }
  }
}
