package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.Variable;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The moving average of weights, kept by the driver between rounds: each averaged model stands for
 * all steps of its round. The weights of a replica within a round are no model of the training, and
 * an average beside each weight would be sent both ways in every round and touch whole tables in
 * every step. For one step a round it is the average over steps. One thread.
 */
final class WeightAverage {
  private final Ema ema;
  private final List<Variable> weights;
  private final double[] average;
  private double left = 1;

  WeightAverage(Ema ema, TrainingProgram program, FlatVector start) {
    this.ema = ema;
    this.weights = program.variables().stream().filter(Variable::trainable).toList();
    this.average = new double[start.size()];
    if (!ema.corrected()) {
      add(start, 1, 0);
    }
  }

  /** Adds the parameters after a round of a number of steps. */
  void add(FlatVector parameters, long steps) {
    double kept = Math.pow(ema.decay(), (double) steps);
    left *= kept;
    add(parameters, 1 - kept, kept);
  }

  private void add(FlatVector parameters, double share, double kept) {
    for (Variable weight : weights) {
      int end = Math.toIntExact(weight.offset() + weight.size());
      for (int i = (int) weight.offset(); i < end; i++) {
        average[i] = kept * average[i] + share * parameters.get(i);
      }
    }
  }

  /** A copy of all that the average consists of: bits of doubles. */
  FlatVector state() {
    FlatVector state = FlatVector.allocate(stateSize());
    ByteBuffer bytes = state.bytes().putDouble(left);
    for (Variable weight : weights) {
      int end = Math.toIntExact(weight.offset() + weight.size());
      for (int i = (int) weight.offset(); i < end; i++) {
        bytes.putDouble(average[i]);
      }
    }
    return state;
  }

  /** Takes back what {@link #state} gave. */
  void restore(FlatVector state) {
    ByteBuffer bytes = state.bytes();
    left = bytes.getDouble();
    for (Variable weight : weights) {
      int end = Math.toIntExact(weight.offset() + weight.size());
      for (int i = (int) weight.offset(); i < end; i++) {
        average[i] = bytes.getDouble();
      }
    }
  }

  /** Elements of its state. */
  long stateSize() {
    long doubles = 1 + weights.stream().mapToLong(Variable::size).sum();
    return doubles * Double.BYTES / Float.BYTES;
  }

  /** A copy of parameters with the average in place of the weights, once there is one. */
  FlatVector applyTo(FlatVector parameters) {
    FlatVector result = parameters.copy();
    double sum = ema.corrected() ? 1 - left : 1;
    for (Variable weight : weights) {
      int end = Math.toIntExact(weight.offset() + weight.size());
      for (int i = (int) weight.offset(); i < end && sum > 0; i++) {
        result.set(i, (float) (average[i] / sum));
      }
    }
    return result;
  }
}
