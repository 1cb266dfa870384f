package io.lepton.spark.averaging;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.OuterOptimizer.Adam;
import io.lepton.spark.averaging.OuterOptimizer.Momentum;
import java.util.Map;
import java.util.TreeMap;

/**
 * An outer optimizer at work, with its state: none, one or two vectors as long as the parameters,
 * outside the heap, and how many rounds they saw. A round takes hold when it is committed; until
 * then it can begin anew. State that was committed is never written to again. One thread.
 */
public final class OuterStep implements MeanMove {
  private static final String MOMENTUM = "momentum";
  private static final String FIRST_MOMENT = "m";
  private static final String SECOND_MOMENT = "v";
  private static final String ROUNDS = "rounds";

  private final OuterOptimizer optimizer;
  private final WeightRanges weights;
  private Map<String, FlatVector> state;
  private Map<String, FlatVector> next = Map.of();

  /**
   * The optimizer before its first round.
   *
   * @param size of the parameters, in elements
   */
  public OuterStep(OuterOptimizer optimizer, WeightRanges weights, long size) {
    this.optimizer = optimizer;
    this.weights = weights;
    this.state = zeros(optimizer, size);
  }

  /** A round begins: its pieces follow, in any order. */
  @Override
  public void begin() {
    next = new TreeMap<>(state);
    next.replaceAll((name, vector) -> FlatVector.allocate(vector.size()));
    if (optimizer instanceof Adam) {
      next.get(ROUNDS).set(0, state.get(ROUNDS).get(0) + 1);
    }
  }

  /**
   * Moves a piece of the parameters.
   *
   * @param mean of the replicas' deltas, from its first element on
   * @param from first element of the piece in the parameters
   * @param count elements
   * @param result where the moved piece is written; may be {@code start} itself
   */
  @Override
  public void move(FlatVector start, double[] mean, long from, int count, FlatVector result) {
    for (int i = 0; i < count; i++) {
      result.set(from + i, (float) (start.get(from + i) + mean[i]));
    }
    if (!optimizer.equals(OuterOptimizer.PLAIN)) {
      weights.within(
          from, from + count, (first, end) -> weights(start, mean, from, first, end, result));
    }
  }

  /** The round holds. */
  public void commit() {
    state = next;
  }

  /** The state by name, to be kept in a checkpoint; not copied. */
  public Map<String, FlatVector> state() {
    return Map.copyOf(state);
  }

  /** Goes on from what {@link #state} gave. */
  public void restore(Map<String, FlatVector> saved) {
    if (!saved.keySet().equals(state.keySet())) {
      throw new IllegalArgumentException(
          "the outer optimizer keeps %s, but what was saved is: %s"
              .formatted(state.keySet(), saved.keySet()));
    }
    state = new TreeMap<>(saved);
  }

  private void weights(
      FlatVector start, double[] mean, long from, long first, long end, FlatVector result) {
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
      long from,
      long first,
      long end,
      FlatVector result) {
    FlatVector before = state.get(MOMENTUM);
    FlatVector after = next.get(MOMENTUM);
    for (long i = first; i < end; i++) {
      double move = mean[(int) (i - from)];
      if (before != null) {
        double gathered = rule.momentum() * before.get(i) + move;
        after.set(i, (float) gathered);
        move = rule.nesterov() ? move + rule.momentum() * gathered : gathered;
      }
      result.set(i, (float) (start.get(i) + rule.rate() * move));
    }
  }

  private void adapt(
      Adam rule,
      FlatVector start,
      double[] mean,
      long from,
      long first,
      long end,
      FlatVector result) {
    FlatVector m = state.get(FIRST_MOMENT);
    FlatVector v = state.get(SECOND_MOMENT);
    FlatVector nextM = next.get(FIRST_MOMENT);
    FlatVector nextV = next.get(SECOND_MOMENT);
    double rounds = next.get(ROUNDS).get(0);
    double grown1 = 1 - Math.pow(rule.beta1(), rounds);
    double grown2 = 1 - Math.pow(rule.beta2(), rounds);
    for (long i = first; i < end; i++) {
      double move = mean[(int) (i - from)];
      double mean1 = rule.beta1() * m.get(i) + (1 - rule.beta1()) * move;
      double mean2 = rule.beta2() * v.get(i) + (1 - rule.beta2()) * move * move;
      nextM.set(i, (float) mean1);
      nextV.set(i, (float) mean2);
      double change = (mean1 / grown1) / (Math.sqrt(mean2 / grown2) + rule.epsilon());
      result.set(i, (float) (start.get(i) + rule.rate() * change));
    }
  }

  private static Map<String, FlatVector> zeros(OuterOptimizer optimizer, long size) {
    Map<String, FlatVector> zeros = new TreeMap<>();
    if (optimizer instanceof Adam) {
      zeros.put(FIRST_MOMENT, FlatVector.allocate(size));
      zeros.put(SECOND_MOMENT, FlatVector.allocate(size));
      zeros.put(ROUNDS, FlatVector.allocate(1));
    } else if (((Momentum) optimizer).momentum() > 0) {
      zeros.put(MOMENTUM, FlatVector.allocate(size));
    }
    return zeros;
  }
}
