package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final ColumnSpec IMAGE = Images.INPUT;
  private static final ColumnSpec TABLE = Models.features(7);
  private static final ColumnSpec TEXT = new ColumnSpec("text", ElementType.INT32, List.of(20));

  @Test
  void optionsOutOfRangeAreRefusedWithTheRuleAndTheValue() {
    refused(() -> new Augmentation.RandomCrop(0), "padding must be positive, but was: 0");
    refused(
        () -> new Augmentation.HorizontalFlip(1.5), "probability must be in [0, 1], but was: 1.5");
    refused(
        () -> new Augmentation.VerticalFlip(Double.NaN),
        "probability must be in [0, 1], but was: NaN");
    refused(() -> new Augmentation.Rotation(0), "max-degrees must be in (0, 180], but was: 0.0");
    refused(
        () -> new Augmentation.Rotation(181), "max-degrees must be in (0, 180], but was: 181.0");
    refused(
        () -> new Augmentation.Brightness(-0.1, 255), "max-delta must be in [0, 1], but was: -0.1");
    refused(
        () -> new Augmentation.Brightness(0.1, 0),
        "value-range must be positive and finite, but was: 0.0");
    refused(
        () -> new Augmentation.Contrast(1.2, 0.8),
        "low must be from 0 to a finite high, but low and high were: 1.2 and 0.8");
    refused(() -> new Augmentation.Cutout(-3), "size must be positive, but was: -3");
    refused(() -> new Augmentation.MixUp(0), "alpha must be positive and finite, but was: 0.0");
    refused(
        () -> new Augmentation.CutMix(Double.POSITIVE_INFINITY),
        "alpha must be positive and finite, but was: Infinity");
    refused(
        () -> new Augmentation.GaussianNoise(-1),
        "deviation must be positive and finite, but was: -1.0");
    refused(() -> new Augmentation.FeatureDropout(2), "rate must be in [0, 1], but was: 2.0");
    refused(() -> new Augmentation.WordDropout(-1, 1), "rate must be in [0, 1], but was: -1.0");
    refused(
        () -> new Augmentation.WordDropout(0.1, -1),
        "replacement must not be negative, but was: -1");
    refused(() -> new Augmentation.WordSwap(7), "rate must be in [0, 1], but was: 7.0");
  }

  @Test
  void eachTakesOneKindOfInput() {
    List<Augmentation> images =
        List.of(
            new Augmentation.RandomCrop(1),
            new Augmentation.HorizontalFlip(0.5),
            new Augmentation.VerticalFlip(0.5),
            new Augmentation.Rotation(1),
            new Augmentation.Brightness(0.1, 1),
            new Augmentation.Contrast(1, 1),
            new Augmentation.Cutout(1),
            new Augmentation.MixUp(1),
            new Augmentation.CutMix(1));
    assertThat(images)
        .extracting(Augmentation::kind)
        .containsExactly(
            "random-crop",
            "horizontal-flip",
            "vertical-flip",
            "rotation",
            "brightness",
            "contrast",
            "cutout",
            "mixup",
            "cutmix");
    images.forEach(augmentation -> takesOnly(augmentation, IMAGE, TABLE, TEXT));
    takesOnly(new Augmentation.GaussianNoise(1), TABLE, IMAGE, TEXT);
    takesOnly(new Augmentation.FeatureDropout(0.1), TABLE, IMAGE, TEXT);
    takesOnly(new Augmentation.WordDropout(0.1, 1), TEXT, IMAGE, TABLE);
    takesOnly(new Augmentation.WordSwap(0.1), TEXT, IMAGE, TABLE);
  }

  @Test
  void anotherKindIsRefusedWithWhatItTakesAndWhatItWasGiven() {
    refusedOf(
        TABLE,
        "horizontal-flip takes an image, of shape [height, width, channels], but input 'features'"
            + " is FLOAT32 of shape [7]; take it out of the input's augmentations",
        new Augmentation.HorizontalFlip(0.5));
    refusedOf(
        TEXT,
        "gaussian-noise takes a table, float of shape [features], but input 'text' is INT32 of"
            + " shape [20]; take it out of the input's augmentations",
        new Augmentation.GaussianNoise(0.5));
    refusedOf(
        new ColumnSpec("grey", ElementType.UINT8, List.of(28, 28)),
        "cutout takes an image, of shape [height, width, channels], but input 'grey' is UINT8 of"
            + " shape [28, 28]; take it out of the input's augmentations",
        new Augmentation.Cutout(3));
  }

  @Test
  void examplesAreMixedOnce() {
    refusedOf(
        IMAGE,
        "input 'picture' must have at most one of mixup and cutmix, but has: [mixup, cutmix]; keep"
            + " one",
        new Augmentation.MixUp(1),
        new Augmentation.CutMix(1));
  }

  @Test
  void somethingOfTheImageIsLeft() {
    AugmentationRules.check(
        IMAGE, List.of(new Augmentation.RandomCrop(8), new Augmentation.Cutout(9)));
    refusedOf(
        IMAGE,
        "padding of random-crop must be below the shorter side 9 of input 'picture', but was: 9;"
            + " make it smaller",
        new Augmentation.RandomCrop(9));
    refusedOf(
        IMAGE,
        "size of cutout must be at most the shorter side 9 of input 'picture', but was: 10; make"
            + " it smaller",
        new Augmentation.Cutout(10));
  }

  private static void refused(ThrowingCallable made, String message) {
    assertThatIllegalArgumentException().isThrownBy(made).withMessage(message);
  }

  private static void takesOnly(Augmentation augmentation, ColumnSpec input, ColumnSpec... others) {
    AugmentationRules.check(input, List.of(augmentation));
    for (ColumnSpec other : others) {
      assertThatThrownBy(() -> AugmentationRules.check(other, List.of(augmentation)))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(augmentation.kind() + " takes ")
          .hasMessageContaining("'%s'", other.name());
    }
  }

  private static void refusedOf(ColumnSpec input, String message, Augmentation... list) {
    assertThatThrownBy(() -> AugmentationRules.check(input, List.of(list)))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }
}
