package io.lepton.tf.model;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A number of each example, or one for all that the graph need not compute with.
 *
 * @param values {@code [n]}
 * @param constant if there are no values
 */
record Coefficient(Optional<Operand<TFloat32>> values, float constant) {
  static final Coefficient ZERO = of(0);
  static final Coefficient ONE = of(1);

  static Coefficient of(float constant) {
    return new Coefficient(Optional.empty(), constant);
  }

  static Coefficient of(Operand<TFloat32> values) {
    return new Coefficient(Optional.of(values), Float.NaN);
  }

  Coefficient times(Ops tf, Coefficient other) {
    if (is(0) || other.is(1)) {
      return this;
    }
    if (other.is(0) || is(1)) {
      return other;
    }
    return isConstant() && other.isConstant()
        ? of(constant * other.constant)
        : of(tf.math.mul(operand(tf), other.operand(tf)));
  }

  Coefficient plus(Ops tf, Coefficient other) {
    if (is(0)) {
      return other;
    }
    if (other.is(0)) {
      return this;
    }
    return isConstant() && other.isConstant()
        ? of(constant + other.constant)
        : of(tf.math.add(operand(tf), other.operand(tf)));
  }

  /**
   * The number of each example.
   *
   * @param shape {@code [n]} as a vector
   */
  Operand<TFloat32> vector(Ops tf, Operand<TInt32> shape) {
    return values.orElseGet(() -> tf.fill(shape, tf.constant(constant)));
  }

  private Operand<TFloat32> operand(Ops tf) {
    return values.orElseGet(() -> tf.constant(constant));
  }

  private boolean isConstant() {
    return values.isEmpty();
  }

  private boolean is(float value) {
    return isConstant() && constant == value;
  }
}
