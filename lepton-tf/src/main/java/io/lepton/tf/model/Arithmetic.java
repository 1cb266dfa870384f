package io.lepton.tf.model;

import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Formulas over float32 tensors, short enough to be compared with those in papers. */
record Arithmetic(Ops tf) {
  Operand<TFloat32> number(double value) {
    return tf.constant((float) value);
  }

  Operand<TFloat32> sum(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.add(a, b);
  }

  Operand<TFloat32> sum(Operand<TFloat32> a, double b) {
    return sum(a, number(b));
  }

  Operand<TFloat32> difference(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.sub(a, b);
  }

  Operand<TFloat32> difference(double a, Operand<TFloat32> b) {
    return difference(number(a), b);
  }

  Operand<TFloat32> product(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.mul(a, b);
  }

  Operand<TFloat32> product(double a, Operand<TFloat32> b) {
    return product(number(a), b);
  }

  Operand<TFloat32> quotient(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.div(a, b);
  }

  Operand<TFloat32> power(double base, Operand<TFloat32> exponent) {
    return tf.math.pow(number(base), exponent);
  }

  Operand<TFloat32> root(Operand<TFloat32> a) {
    return tf.math.sqrt(a);
  }

  Operand<TFloat32> square(Operand<TFloat32> a) {
    return tf.math.square(a);
  }

  /** {@code share·old + (1 − share)·value}. */
  Operand<TFloat32> fade(double share, Operand<TFloat32> old, Operand<TFloat32> value) {
    return sum(product(share, old), product(1 - share, value));
  }

  Operand<TFloat32> fade(Operand<TFloat32> share, Operand<TFloat32> old, Operand<TFloat32> value) {
    return sum(product(share, old), product(difference(1, share), value));
  }

  /** The Euclidean norm of all elements. */
  Operand<TFloat32> norm(Operand<TFloat32> a) {
    return root(total(square(a)));
  }

  /** The sum of all elements. */
  Operand<TFloat32> total(Operand<TFloat32> a) {
    return tf.reduceSum(a, axes(a));
  }

  /** The root of the mean of the squares of all elements. */
  Operand<TFloat32> rootMeanSquare(Operand<TFloat32> a) {
    return root(tf.math.mean(square(a), axes(a)));
  }

  private Operand<TInt32> axes(Operand<TFloat32> a) {
    return tf.constant(IntStream.range(0, a.shape().numDimensions()).toArray());
  }
}
