package io.lepton.tf.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * A rectangle of each image, of whole pixels and perhaps over the border.
 *
 * @param top {@code [n]}
 * @param bottom {@code [n]}, below its last row
 * @param left {@code [n]}
 * @param right {@code [n]}, right of its last column
 */
record Patch(
    Operand<TFloat32> top,
    Operand<TFloat32> bottom,
    Operand<TFloat32> left,
    Operand<TFloat32> right) {

  /**
   * A rectangle about a random pixel.
   *
   * @param height {@code [n]} or scalar
   * @param width {@code [n]} or scalar
   * @param y uniform in {@code [0, 1)}, {@code [n]}
   * @param x uniform in {@code [0, 1)}, {@code [n]}
   */
  static Patch around(
      Ops tf,
      ImageShape shape,
      Operand<TFloat32> height,
      Operand<TFloat32> width,
      Operand<TFloat32> y,
      Operand<TFloat32> x) {
    Operand<TFloat32> top = start(tf, shape.height(), height, y);
    Operand<TFloat32> left = start(tf, shape.width(), width, x);
    return new Patch(top, tf.math.add(top, height), left, tf.math.add(left, width));
  }

  private static Operand<TFloat32> start(
      Ops tf, int side, Operand<TFloat32> length, Operand<TFloat32> uniform) {
    Operand<TFloat32> pixel = tf.math.floor(tf.math.mul(uniform, tf.constant((float) side)));
    return tf.math.sub(pixel, tf.math.floor(tf.math.mul(length, tf.constant(0.5f))));
  }

  /** 1 inside and 0 outside, {@code [n, height, width·channels]}. */
  Operand<TFloat32> mask(Ops tf, ImageShape shape) {
    Operand<TFloat32> rows = inside(tf, shape.height(), 1, top, bottom);
    Operand<TFloat32> columns = inside(tf, shape.width(), shape.channels(), left, right);
    return tf.math.mul(tf.expandDims(rows, tf.constant(2)), tf.expandDims(columns, tf.constant(1)));
  }

  private static Operand<TFloat32> inside(
      Ops tf, int side, int repeat, Operand<TFloat32> from, Operand<TFloat32> to) {
    float[][] pixels = new float[1][side * repeat];
    for (int i = 0; i < pixels[0].length; i++) {
      int pixel = i / repeat;
      pixels[0][i] = pixel;
    }
    Operand<TFloat32> places = tf.constant(pixels);
    Operand<TBool> after = tf.math.greaterEqual(places, tf.expandDims(from, tf.constant(1)));
    Operand<TBool> before = tf.math.less(places, tf.expandDims(to, tf.constant(1)));
    return tf.dtypes.cast(tf.math.logicalAnd(after, before), TFloat32.class);
  }

  /** The share of the image that is not in it, {@code [n]}. */
  Operand<TFloat32> outside(Ops tf, ImageShape shape) {
    Operand<TFloat32> area =
        tf.math.mul(
            clipped(tf, shape.height(), top, bottom), clipped(tf, shape.width(), left, right));
    float pixels = shape.height() * shape.width();
    return tf.math.mul(tf.math.sub(tf.constant(pixels), area), tf.constant(1 / pixels));
  }

  private static Operand<TFloat32> clipped(
      Ops tf, int side, Operand<TFloat32> from, Operand<TFloat32> to) {
    return tf.math.sub(
        tf.math.minimum(to, tf.constant((float) side)), tf.math.maximum(from, tf.constant(0f)));
  }
}
