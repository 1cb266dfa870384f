package io.lepton.tf.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Each image mixed with the next of the batch, the last with the first. The share is the example's
 * own, but which example comes next depends on the batch.
 *
 * @param images {@code [n, height, width, channels]}
 * @param mixing of the losses
 */
record ImageMixing(Operand<TFloat32> images, Mixing mixing) {

  static ImageMixing mixUp(
      Ops tf,
      ImageShape shape,
      Augmentation.MixUp mixUp,
      Operand<TFloat32> uniform,
      Operand<TFloat32> images) {
    Operand<TFloat32> lambda = QuantileTable.beta(mixUp.alpha(), share -> share).emit(tf, uniform);
    Operand<TFloat32> own = tf.expandDims(lambda, tf.constant(1));
    Operand<TFloat32> vectors = shape.vectors(tf, images);
    Operand<TFloat32> mixed =
        tf.math.add(
            tf.math.mul(vectors, own),
            tf.math.mul(next(tf, vectors), tf.math.sub(tf.constant(1f), own)));
    return of(tf, shape.images(tf, mixed), lambda);
  }

  static ImageMixing cutMix(
      Ops tf,
      ImageShape shape,
      Augmentation.CutMix cutMix,
      PlacedAugmentation placed,
      Operand<TFloat32> images) {
    Operand<TFloat32> side =
        QuantileTable.beta(cutMix.alpha(), Math::sqrt).emit(tf, placed.draw(0));
    Patch patch =
        Patch.around(
            tf,
            shape,
            tf.math.floor(tf.math.mul(side, tf.constant((float) shape.height()))),
            tf.math.floor(tf.math.mul(side, tf.constant((float) shape.width()))),
            placed.draw(1),
            placed.draw(2));
    Operand<TFloat32> inside = patch.mask(tf, shape);
    Operand<TFloat32> rows = shape.rows(tf, images);
    Operand<TFloat32> mixed =
        tf.math.add(
            tf.math.mul(rows, tf.math.sub(tf.constant(1f), inside)),
            tf.math.mul(next(tf, rows), inside));
    return of(tf, shape.images(tf, mixed), patch.outside(tf, shape));
  }

  private static Operand<TFloat32> next(Ops tf, Operand<TFloat32> values) {
    return tf.roll(values, tf.constant(-1), tf.constant(0));
  }

  private static ImageMixing of(Ops tf, Operand<TFloat32> images, Operand<TFloat32> lambda) {
    Operand<TInt32> rows = tf.range(tf.constant(0), tf.size(lambda), tf.constant(1));
    Operand<TInt32> partner = tf.roll(rows, tf.constant(-1), tf.constant(0));
    return new ImageMixing(images, new Mixing(partner, lambda));
  }
}
