package io.lepton.tf.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Brightness and contrast of images {@code [n, height, width, channels]}. */
final class ImageLight {
  private static final double STEPS = 0x1p16;

  private ImageLight() {}

  static Operand<TFloat32> brightness(
      Ops tf,
      ImageShape shape,
      Augmentation.Brightness brightness,
      Operand<TFloat32> uniform,
      Operand<TFloat32> images) {
    float range = (float) (brightness.maxDelta() * brightness.valueRange());
    Operand<TFloat32> delta = column(tf, between(tf, -range, range, uniform));
    return shape.images(tf, tf.math.add(shape.vectors(tf, images), delta));
  }

  static Operand<TFloat32> contrast(
      Ops tf,
      ImageShape shape,
      Augmentation.Contrast contrast,
      Operand<TFloat32> uniform,
      Operand<TFloat32> images) {
    Operand<TFloat32> factor =
        column(tf, between(tf, (float) contrast.low(), (float) contrast.high(), uniform));
    Operand<TFloat32> rest = column(tf, tf.math.sub(tf.constant(1f), factor));
    Operand<TFloat32> stretched = tf.math.mul(shape.vectors(tf, images), factor);
    Operand<TFloat32> centre = tf.math.mul(mean(tf, shape.pixels(tf, images)), rest);
    return shape.images(tf, tf.math.add(shape.pixels(tf, stretched), centre));
  }

  // Whole numbers of float64 have the same sum in any order, so whatever the batch and the threads.
  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> pixels) {
    Operand<TFloat64> steps =
        tf.math.rint(tf.math.mul(tf.dtypes.cast(pixels, TFloat64.class), tf.constant(STEPS)));
    Operand<TFloat64> mean = tf.math.mean(steps, tf.constant(new int[] {1}), Mean.keepDims(true));
    return tf.dtypes.cast(tf.math.mul(mean, tf.constant(1 / STEPS)), TFloat32.class);
  }

  private static Operand<TFloat32> between(
      Ops tf, float low, float high, Operand<TFloat32> uniform) {
    return tf.math.add(tf.math.mul(uniform, tf.constant(high - low)), tf.constant(low));
  }

  private static Operand<TFloat32> column(Ops tf, Operand<TFloat32> values) {
    return tf.expandDims(values, tf.constant(1));
  }
}
