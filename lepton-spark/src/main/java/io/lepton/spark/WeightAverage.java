package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The moving average of weights, kept by the driver between rounds: each averaged model stands for
 * all steps of its round. The weights of a replica within a round are no model of the training, and
 * an average beside each weight would be sent both ways in every round and touch whole tables in
 * every step. For one step a round it is the average over steps. One thread.
 */
final class WeightAverage {
  private static final int DOUBLE = Double.BYTES / Float.BYTES;
  private static final int PIECE = 1 << 16;

  private final Ema ema;
  private final List<Variable> weights;

  /** Bits of doubles: how much of the start is left in it, then the average of each weight. */
  private FlatVector state;

  private final int piece;

  WeightAverage(Ema ema, TrainingProgram program, FlatVector start) {
    this(ema, program, start, PIECE);
  }

  /**
   * The same.
   *
   * @param piece elements of weights that are worked on at a time
   */
  WeightAverage(Ema ema, TrainingProgram program, FlatVector start, int piece) {
    this.ema = ema;
    this.weights = program.variables().stream().filter(Variable::trainable).toList();
    this.state = FlatVector.allocate(stateSize());
    this.piece = piece;
    left(1);
    if (!ema.corrected()) {
      add(start, 1, 0);
    }
  }

  /** Adds the parameters after a round of a number of steps. */
  void add(FlatVector parameters, long steps) {
    double kept = Math.pow(ema.decay(), (double) steps);
    left(left() * kept);
    add(parameters, 1 - kept, kept);
  }

  private void add(FlatVector parameters, double share, double kept) {
    each(
        parameters,
        (average, values) -> {
          for (int i = 0; i < average.limit(); i++) {
            average.put(i, kept * average.get(i) + share * values.get(i));
          }
        });
  }

  /** A copy of all that the average consists of. */
  FlatVector state() {
    return state.copy();
  }

  /** Takes back what {@link #state} gave. */
  void restore(FlatVector saved) {
    state = saved.copy();
  }

  /** Elements of its state. */
  long stateSize() {
    long doubles = 1 + weights.stream().mapToLong(Variable::size).sum();
    return doubles * DOUBLE;
  }

  /** A copy of parameters with the average in place of the weights, once there is one. */
  FlatVector applyTo(FlatVector parameters) {
    FlatVector result = parameters.copy();
    double sum = ema.corrected() ? 1 - left() : 1;
    if (sum > 0) {
      each(
          result,
          (average, values) -> {
            for (int i = 0; i < average.limit(); i++) {
              values.put(i, (float) (average.get(i) / sum));
            }
          });
    }
    return result;
  }

  private double left() {
    return doubles(0, 1).get(0);
  }

  private void left(double value) {
    doubles(0, 1).put(0, value);
  }

  private interface Piece {
    void take(DoubleBuffer average, FloatBuffer values);
  }

  /** Goes over all weights in pieces: their averages and what they are in a vector. */
  private void each(FlatVector vector, Piece action) {
    long at = 1;
    for (Variable weight : weights) {
      for (FlatVector part : vector.part(weight.offset(), weight.size()).parts(piece)) {
        int count = (int) part.size();
        action.take(doubles(at, count), part.floats());
        at += count;
      }
    }
  }

  private DoubleBuffer doubles(long at, int count) {
    return state.bytes(at * DOUBLE, count * DOUBLE).asDoubleBuffer();
  }
}
