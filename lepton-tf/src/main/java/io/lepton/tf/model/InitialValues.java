package io.lepton.tf.model;

import io.lepton.arrow.FlatVector;
import io.lepton.tf.Variable;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * The values training starts from. Each is a function of (seed, name of the variable, position in
 * it) alone, by {@link Draws}: the same on any machine and in any order.
 */
final class InitialValues {
  /** Deviation of a standard Gaussian cut off at ±2. */
  private static final double TRUNCATED_DEVIATION = 0.8796256610342398;

  private InitialValues() {}

  /** A vector of {@code size} elements with the values of weights and state at their places. */
  static FlatVector vector(
      List<Weight> weights, List<Slot> state, List<Variable> variables, long size, long seed) {
    FlatVector vector = FlatVector.allocate(size);
    for (int i = 0; i < weights.size(); i++) {
      Weight weight = weights.get(i);
      long offset = variables.get(i).offset();
      IntToDoubleFunction value =
          of(weight.initializer(), weight.shape(), Draws.of(seed, weight.name()));
      for (int at = 0; at < weight.size(); at++) {
        vector.set(offset + at, (float) value.applyAsDouble(at));
      }
    }
    for (int i = 0; i < state.size(); i++) {
      Variable variable = variables.get(weights.size() + i);
      for (long j = 0; j < variable.size() && state.get(i).initial() != 0; j++) {
        vector.set(variable.offset() + j, (float) state.get(i).initial());
      }
    }
    return vector;
  }

  /** The value at each position of a weight. */
  static IntToDoubleFunction of(Initializer initializer, List<Integer> shape, Draws draws) {
    if (initializer instanceof Initializer.Constant constant) {
      return at -> constant.value();
    }
    if (initializer instanceof Initializer.ForgetBias forget) {
      return at -> at / forget.units() == 1 ? 1 : 0;
    }
    if (initializer instanceof Initializer.Uniform uniform) {
      double middle = (uniform.minval() + uniform.maxval()) / 2;
      return uniform(middle, (uniform.maxval() - uniform.minval()) / 2, draws);
    }
    if (initializer instanceof Initializer.Normal normal) {
      return at -> normal.mean() + normal.stddev() * draws.normal(at);
    }
    if (initializer instanceof Initializer.TruncatedNormal normal) {
      return at -> normal.mean() + normal.stddev() * draws.truncatedNormal(at);
    }
    if (initializer instanceof Initializer.Scaled scaled) {
      double variance = scaled.scale() / Math.max(1, scaled.fan().of(shape));
      if (scaled.distribution() == Initializer.Distribution.UNIFORM) {
        return uniform(0, StrictMath.sqrt(3 * variance), draws);
      }
      double deviation = StrictMath.sqrt(variance) / TRUNCATED_DEVIATION;
      return at -> deviation * draws.truncatedNormal(at);
    }
    return orthogonal(((Initializer.Orthogonal) initializer).gain(), shape, draws);
  }

  private static IntToDoubleFunction uniform(double middle, double reach, Draws draws) {
    return at -> middle + (2 * draws.uniform(at) - 1) * reach;
  }

  private static IntToDoubleFunction orthogonal(double gain, List<Integer> shape, Draws draws) {
    int columns = shape.isEmpty() ? 1 : Shapes.last(shape);
    int rows = Math.toIntExact(Shapes.elements(shape) / columns);
    double[] matrix = OrthogonalMatrix.of(rows, columns, draws);
    return at -> gain * matrix[at];
  }
}
