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
 * then it can begin anew. State that was committed is never written to again. One thread.
 */
public final class OuterStep implements MeanMove {
  private static final String MOMENTUM = "momentum";
  private static final String FIRST_MOMENT = "m";
  private static final String SECOND_MOMENT = "v";
  private static final String ROUNDS = "rounds";
  private static final int PIECE = 4096;

  private final OuterOptimizer optimizer;
  private final WeightRanges weights;
  private final float[] before = new float[PIECE];
  private final float[] after = new float[PIECE];
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
    FloatBuffer starts = start.floats(from, count);
    FloatBuffer results = result.floats(from, count);
    for (int at = 0; at < count; at += PIECE) {
      int some = Math.min(PIECE, count - at);
      starts.get(at, before, 0, some);
      for (int i = 0; i < some; i++) {
        after[i] = (float) (before[i] + mean[at + i]);
      }
      if (!optimizer.equals(OuterOptimizer.PLAIN)) {
        int piece = at;
        weights.within(
            from + at,
            from + at + some,
            (first, end) ->
                weights(mean, piece, first, (int) (first - from - piece), (int) (end - first)));
      }
      results.put(at, after, 0, some);
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
   * @param piece where the piece starts in the mean
   * @param first of the weights in the parameters
   * @param at where they start in the piece
   */
  private void weights(double[] mean, int piece, long first, int at, int count) {
    if (optimizer instanceof Adam adam) {
      adapt(adam, mean, piece, first, at, count);
    } else {
      descend((Momentum) optimizer, mean, piece, first, at, count);
    }
  }

  private void descend(Momentum rule, double[] mean, int piece, long first, int at, int count) {
    boolean gathers = state.containsKey(MOMENTUM);
    FloatBuffer old = gathers ? state.get(MOMENTUM).floats(first, count) : null;
    FloatBuffer fresh = gathers ? next.get(MOMENTUM).floats(first, count) : null;
    for (int i = 0; i < count; i++) {
      double move = mean[piece + at + i];
      if (gathers) {
        double gathered = rule.momentum() * old.get(i) + move;
        fresh.put(i, (float) gathered);
        move = rule.nesterov() ? move + rule.momentum() * gathered : gathered;
      }
      after[at + i] = (float) (before[at + i] + rule.rate() * move);
    }
  }

  private void adapt(Adam rule, double[] mean, int piece, long first, int at, int count) {
    FloatBuffer m = state.get(FIRST_MOMENT).floats(first, count);
    FloatBuffer v = state.get(SECOND_MOMENT).floats(first, count);
    FloatBuffer nextM = next.get(FIRST_MOMENT).floats(first, count);
    FloatBuffer nextV = next.get(SECOND_MOMENT).floats(first, count);
    double rounds = next.get(ROUNDS).get(0);
    double grown1 = 1 - Math.pow(rule.beta1(), rounds);
    double grown2 = 1 - Math.pow(rule.beta2(), rounds);
    for (int i = 0; i < count; i++) {
      double move = mean[piece + at + i];
      double mean1 = rule.beta1() * m.get(i) + (1 - rule.beta1()) * move;
      double mean2 = rule.beta2() * v.get(i) + (1 - rule.beta2()) * move * move;
      nextM.put(i, (float) mean1);
      nextV.put(i, (float) mean2);
      double change = (mean1 / grown1) / (Math.sqrt(mean2 / grown2) + rule.epsilon());
      after[at + i] = (float) (before[at + i] + rule.rate() * change);
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
