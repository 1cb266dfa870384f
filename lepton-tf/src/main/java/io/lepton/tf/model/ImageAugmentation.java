package io.lepton.tf.model;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The augmentations of a list of images, in the graph. */
final class ImageAugmentation {
  private final Ops tf;
  private final ImageShape shape;
  private Operand<TFloat32> images;
  private Optional<Mixing> mixing = Optional.empty();

  private ImageAugmentation(Ops tf, ImageShape shape, Operand<TFloat32> images) {
    this.tf = tf;
    this.shape = shape;
    this.images = images;
  }

  /**
   * Emits them.
   *
   * @param images {@code [n, height, width, channels]}
   */
  static Augmented emit(
      Ops tf, ImageShape shape, List<PlacedAugmentation> list, Operand<TFloat32> images) {
    List<PlacedAugmentation> moving = list.stream().filter(ImageGeometry::covers).toList();
    List<PlacedAugmentation> others =
        list.stream().filter(placed -> !ImageGeometry.covers(placed)).toList();
    ImageAugmentation batch =
        new ImageAugmentation(tf, shape, ImageGeometry.emit(tf, shape, moving, images));
    others.forEach(batch::apply);
    return new Augmented(batch.images, batch.mixing);
  }

  private void apply(PlacedAugmentation placed) {
    Augmentation augmentation = placed.augmentation();
    if (augmentation instanceof Augmentation.Brightness brightness) {
      images = ImageLight.brightness(tf, shape, brightness, placed.draw(0), images);
    } else if (augmentation instanceof Augmentation.Contrast contrast) {
      images = ImageLight.contrast(tf, shape, contrast, placed.draw(0), images);
    } else if (augmentation instanceof Augmentation.Cutout cutout) {
      images = cutOut(cutout, placed);
    } else if (augmentation instanceof Augmentation.MixUp mixUp) {
      mix(ImageMixing.mixUp(tf, shape, mixUp, placed.draw(0), images));
    } else if (augmentation instanceof Augmentation.CutMix cutMix) {
      mix(ImageMixing.cutMix(tf, shape, cutMix, placed, images));
    } else {
      throw new IllegalArgumentException("images must be augmented, but was: " + augmentation);
    }
  }

  private Operand<TFloat32> cutOut(Augmentation.Cutout cutout, PlacedAugmentation placed) {
    Operand<TFloat32> side = tf.constant((float) cutout.size());
    Patch patch = Patch.around(tf, shape, side, side, placed.draw(0), placed.draw(1));
    Operand<TFloat32> outside = tf.math.sub(tf.constant(1f), patch.mask(tf, shape));
    return shape.images(tf, tf.math.mul(shape.rows(tf, images), outside));
  }

  private void mix(ImageMixing mixed) {
    images = mixed.images();
    mixing = Optional.of(mixed.mixing());
  }
}
