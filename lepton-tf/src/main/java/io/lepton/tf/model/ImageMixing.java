package io.lepton.tf.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Each image mixed with its partner, the one half a batch on: a batch lies chunk after chunk, and a
 * neighbour of a source in order would mostly be of the same class. The share is the example's own,
 * but which example is its partner depends on the batch.
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
            tf.math.mul(partners(tf, vectors), tf.math.sub(tf.constant(1f), own)));
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
            tf.math.mul(partners(tf, rows), inside));
    return of(tf, shape.images(tf, mixed), patch.outside(tf, shape));
  }

  private static <T extends TType> Operand<T> partners(Ops tf, Operand<T> values) {
    Operand<TInt32> examples = tf.gather(tf.shape(values), tf.constant(0), tf.constant(0));
    Operand<TInt32> half = tf.math.floorDiv(examples, tf.constant(2));
    return tf.roll(values, tf.math.neg(half), tf.constant(0));
  }

  private static ImageMixing of(Ops tf, Operand<TFloat32> images, Operand<TFloat32> lambda) {
    Operand<TInt32> rows = tf.range(tf.constant(0), tf.size(lambda), tf.constant(1));
    return new ImageMixing(images, new Mixing(partners(tf, rows), lambda));
  }
}
