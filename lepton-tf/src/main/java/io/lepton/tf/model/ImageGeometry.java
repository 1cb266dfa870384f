package io.lepton.tf.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Crop, flips and rotation of a list as one resampling, so that pixels are blended at most once and
 * what one step moves out of the image another may bring back. Without a rotation pixels are taken
 * as they are.
 */
final class ImageGeometry {
  private final Ops tf;
  private final ImageShape shape;

  private ImageGeometry(Ops tf, ImageShape shape) {
    this.tf = tf;
    this.shape = shape;
  }

  static boolean covers(PlacedAugmentation step) {
    Augmentation augmentation = step.augmentation();
    return augmentation instanceof Augmentation.RandomCrop
        || augmentation instanceof Augmentation.HorizontalFlip
        || augmentation instanceof Augmentation.VerticalFlip
        || augmentation instanceof Augmentation.Rotation;
  }

  /**
   * Emits it.
   *
   * @param images {@code [n, height, width, channels]}
   */
  static Operand<TFloat32> emit(
      Ops tf, ImageShape shape, List<PlacedAugmentation> steps, Operand<TFloat32> images) {
    if (steps.isEmpty()) {
      return images;
    }
    ImageGeometry geometry = new ImageGeometry(tf, shape);
    AffineMap map = AffineMap.IDENTITY;
    for (PlacedAugmentation step : steps) {
      map = map.then(tf, geometry.map(step));
    }
    boolean blends =
        steps.stream().anyMatch(step -> step.augmentation() instanceof Augmentation.Rotation);
    Operand<TInt32> size = tf.constant(new int[] {shape.height(), shape.width()});
    return tf.image.imageProjectiveTransformV3(
        images,
        map.transforms(tf, tf.shape(steps.get(0).draw(0))),
        size,
        tf.constant(0f),
        blends ? "BILINEAR" : "NEAREST");
  }

  private AffineMap map(PlacedAugmentation step) {
    Augmentation augmentation = step.augmentation();
    if (augmentation instanceof Augmentation.RandomCrop crop) {
      return AffineMap.translation(
          offset(crop.padding(), step.draw(0)), offset(crop.padding(), step.draw(1)));
    }
    if (augmentation instanceof Augmentation.HorizontalFlip flip) {
      Operand<TFloat32> flipped = flipped(flip.probability(), step.draw(0));
      return AffineMap.mirrorX(sign(flipped), last(flipped, shape.width()));
    }
    if (augmentation instanceof Augmentation.VerticalFlip flip) {
      Operand<TFloat32> flipped = flipped(flip.probability(), step.draw(0));
      return AffineMap.mirrorY(sign(flipped), last(flipped, shape.height()));
    }
    if (augmentation instanceof Augmentation.Rotation rotation) {
      return rotation(rotation.maxDegrees(), step.draw(0));
    }
    throw new IllegalArgumentException("geometry must move pixels, but was: " + augmentation);
  }

  private Coefficient offset(int padding, Operand<TFloat32> uniform) {
    Operand<TFloat32> place = tf.math.floor(tf.math.mul(uniform, tf.constant(2f * padding + 1)));
    return Coefficient.of(tf.math.sub(place, tf.constant((float) padding)));
  }

  private Operand<TFloat32> flipped(double probability, Operand<TFloat32> uniform) {
    return tf.dtypes.cast(tf.math.less(uniform, tf.constant((float) probability)), TFloat32.class);
  }

  private Coefficient sign(Operand<TFloat32> flipped) {
    return Coefficient.of(tf.math.sub(tf.constant(1f), tf.math.mul(flipped, tf.constant(2f))));
  }

  private Coefficient last(Operand<TFloat32> flipped, int length) {
    return Coefficient.of(tf.math.mul(flipped, tf.constant(length - 1f)));
  }

  private AffineMap rotation(double maxDegrees, Operand<TFloat32> uniform) {
    float range = (float) Math.toRadians(maxDegrees);
    Operand<TFloat32> angle =
        VectorTail.append(
            tf, tf.math.sub(tf.math.mul(uniform, tf.constant(2 * range)), tf.constant(range)));
    Operand<TFloat32> sine = VectorTail.cut(tf, tf.math.sin(angle));
    Coefficient x = Coefficient.of((shape.width() - 1) / 2f);
    Coefficient y = Coefficient.of((shape.height() - 1) / 2f);
    Coefficient minus = Coefficient.of(-1);
    return AffineMap.translation(x, y)
        .then(
            tf,
            AffineMap.rotation(
                Coefficient.of(VectorTail.cut(tf, tf.math.cos(angle))),
                Coefficient.of(sine),
                Coefficient.of(tf.math.neg(sine))))
        .then(tf, AffineMap.translation(x.times(tf, minus), y.times(tf, minus)));
  }
}
