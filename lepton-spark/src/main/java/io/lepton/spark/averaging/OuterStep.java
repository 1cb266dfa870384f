package io.lepton.spark.averaging;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.OuterOptimizer.Adam;
import io.lepton.spark.averaging.OuterOptimizer.Momentum;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * An outer optimizer at work, with its state: none, one or two vectors as long as the parameters,
 * outside the heap, and how many rounds they saw. A round takes hold when it is committed; until
 * then it can begin anew. State that was committed is never written to again. One thread, but for
 * what moves slices.
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

  /** A round begins. */
  @Override
  public void begin() {
    next = new TreeMap<>(state);
    next.replaceAll((name, vector) -> FlatVector.allocate(vector.size()));
    if (optimizer instanceof Adam) {
      next.get(ROUNDS).set(0, state.get(ROUNDS).get(0) + 1);
    }
  }

  @Override
  public Pieces slice(int index) {
    return this::move;
  }

  private void move(long from, float[] start, double[] mean, int count, float[] moved) {
    for (int i = 0; i < count; i++) {
      moved[i] = (float) (start[i] + mean[i]);
    }
    if (!optimizer.equals(OuterOptimizer.PLAIN)) {
      weights.within(
          from,
          from + count,
          (first, end) ->
              weights(start, mean, moved, first, (int) (first - from), (int) (end - first)));
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

  /**
   * Moves weights of a piece.
   *
   * @param first of the weights in the parameters
   * @param at where they start in the piece
   */
  private void weights(float[] start, double[] mean, float[] moved, long first, int at, int count) {
    if (optimizer instanceof Adam adam) {
      adapt(adam, start, mean, moved, first, at, count);
    } else {
      descend((Momentum) optimizer, start, mean, moved, first, at, count);
    }
  }

  private void descend(
      Momentum rule, float[] start, double[] mean, float[] moved, long first, int at, int count) {
    boolean gathers = state.containsKey(MOMENTUM);
    FloatBuffer old = gathers ? state.get(MOMENTUM).floats(first, count) : null;
    FloatBuffer fresh = gathers ? next.get(MOMENTUM).floats(first, count) : null;
    for (int i = 0; i < count; i++) {
      double move = mean[at + i];
      if (gathers) {
        double gathered = rule.momentum() * old.get(i) + move;
        fresh.put(i, (float) gathered);
        move = rule.nesterov() ? move + rule.momentum() * gathered : gathered;
      }
      moved[at + i] = (float) (start[at + i] + rule.rate() * move);
    }
  }

  private void adapt(
      Adam rule, float[] start, double[] mean, float[] moved, long first, int at, int count) {
    FloatBuffer m = state.get(FIRST_MOMENT).floats(first, count);
    FloatBuffer v = state.get(SECOND_MOMENT).floats(first, count);
    FloatBuffer nextM = next.get(FIRST_MOMENT).floats(first, count);
    FloatBuffer nextV = next.get(SECOND_MOMENT).floats(first, count);
    double rounds = next.get(ROUNDS).get(0);
    double grown1 = 1 - Math.pow(rule.beta1(), rounds);
    double grown2 = 1 - Math.pow(rule.beta2(), rounds);
    for (int i = 0; i < count; i++) {
      double move = mean[at + i];
      double mean1 = rule.beta1() * m.get(i) + (1 - rule.beta1()) * move;
      double mean2 = rule.beta2() * v.get(i) + (1 - rule.beta2()) * move * move;
      nextM.put(i, (float) mean1);
      nextV.put(i, (float) mean2);
      double change = (mean1 / grown1) / (Math.sqrt(mean2 / grown2) + rule.epsilon());
      moved[at + i] = (float) (start[at + i] + rule.rate() * change);
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
