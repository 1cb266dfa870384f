package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The shape of one image, and ways to look at a batch of them. */
record ImageShape(int height, int width, int channels) {
  static ImageShape of(List<Integer> shape) {
    return new ImageShape(shape.get(0), shape.get(1), shape.get(2));
  }

  /** {@code [n, height, width, channels]}. */
  Operand<TFloat32> images(Ops tf, Operand<TFloat32> values) {
    return tf.reshape(values, tf.constant(new int[] {-1, height, width, channels}));
  }

  /** {@code [n, height·width, channels]}. */
  Operand<TFloat32> pixels(Ops tf, Operand<TFloat32> values) {
    return tf.reshape(values, tf.constant(new int[] {-1, height * width, channels}));
  }

  /** {@code [n, height, width·channels]}. */
  Operand<TFloat32> rows(Ops tf, Operand<TFloat32> values) {
    return tf.reshape(values, tf.constant(new int[] {-1, height, width * channels}));
  }

  /** {@code [n, height·width·channels]}. */
  Operand<TFloat32> vectors(Ops tf, Operand<TFloat32> values) {
    return tf.reshape(values, tf.constant(new int[] {-1, height * width * channels}));
  }
}
