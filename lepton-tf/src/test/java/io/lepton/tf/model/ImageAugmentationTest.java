package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageAugmentationTest {
  private static final int EXAMPLES = 60;
  private static final long KEY = 7;
  private static final long[] IDS = Images.ids(EXAMPLES);
  private static final float[] IMAGES = Images.random(EXAMPLES);

  @Test
  void brightnessAddsOneNumberToAllOfAnImage() {
    float[] brighter = augment(new Augmentation.Brightness(0.2, 255)).values();
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      double delta = 0.2 * 255 * (2 * draw(n, 0) - 1);
      assertClose(brighter, n, Images.each((y, x, c) -> Images.at(image, y, x, c) + delta));
    }
  }

  @Test
  void contrastStretchesAnImageAboutTheMeanOfEachChannel() {
    float[] stretched = augment(new Augmentation.Contrast(0.5, 1.75)).values();
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      double factor = 0.5 + 1.25 * draw(n, 0);
      double[] means = new double[Images.CHANNELS];
      for (int i = 0; i < Images.SIZE; i++) {
        means[i % Images.CHANNELS] += image[i] / (Images.HEIGHT * Images.WIDTH);
      }
      assertClose(
          stretched,
          n,
          Images.each((y, x, c) -> means[c] + factor * (Images.at(image, y, x, c) - means[c])));
    }
  }

  @Test
  void cutoutZeroesASquareAboutAPixelAndIsClippedAtTheBorder() {
    for (int size : new int[] {1, 4, 5}) {
      float[] cut = augment(new Augmentation.Cutout(size)).values();
      for (int n = 0; n < EXAMPLES; n++) {
        float[] image = Images.image(IMAGES, n);
        int top = (int) (draw(n, 0) * Images.HEIGHT) - size / 2;
        int left = (int) (draw(n, 1) * Images.WIDTH) - size / 2;
        assertExact(
            cut,
            n,
            Images.each(
                (y, x, c) ->
                    inside(y, top, size) && inside(x, left, size) ? 0 : Images.at(image, y, x, c)));
      }
    }
  }

  @Test
  void mixUpBlendsAnImageWithTheOneHalfABatchOn() {
    AugmentedBatch mixed = augment(new Augmentation.MixUp(1));
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      int partner = (n + EXAMPLES / 2) % EXAMPLES;
      float[] other = Images.image(IMAGES, partner);
      double lambda = draw(n, 0);
      assertThat(mixed.partners()[n]).isEqualTo(partner);
      assertThat((double) mixed.lambdas()[n]).isCloseTo(lambda, within(1e-6));
      assertClose(
          mixed.values(),
          n,
          Images.each(
              (y, x, c) ->
                  lambda * Images.at(image, y, x, c) + (1 - lambda) * Images.at(other, y, x, c)));
    }
  }

  @Test
  void cutMixPastesARectangleOfTheImageHalfABatchOnAndSaysWhatIsLeft() {
    AugmentedBatch mixed = augment(new Augmentation.CutMix(1));
    int clipped = 0;
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      int partner = (n + EXAMPLES / 2) % EXAMPLES;
      float[] other = Images.image(IMAGES, partner);
      double side = side(draw(n, 0));
      int height = (int) (side * Images.HEIGHT);
      int width = (int) (side * Images.WIDTH);
      int top = (int) (draw(n, 1) * Images.HEIGHT) - height / 2;
      int left = (int) (draw(n, 2) * Images.WIDTH) - width / 2;
      int[] area = {0};
      double[] expected =
          Images.each(
              (y, x, c) -> {
                boolean pasted = inside(y, top, height) && inside(x, left, width);
                area[0] += pasted && c == 0 ? 1 : 0;
                return Images.at(pasted ? other : image, y, x, c);
              });
      clipped += area[0] < height * width ? 1 : 0;
      assertExact(mixed.values(), n, expected);
      assertThat((double) mixed.lambdas()[n])
          .isCloseTo(1 - area[0] / (double) (Images.HEIGHT * Images.WIDTH), within(1e-6));
      assertThat(mixed.partners()[n]).isEqualTo(partner);
    }
    assertThat(clipped).isBetween(1, EXAMPLES - 1);
  }

  @Test
  void mixUpsSharesHaveTheMeanAndVarianceOfTheBetaDistribution() {
    for (double alpha : new double[] {0.2, 1, 4}) {
      int examples = 4000;
      float[] images = new float[examples * Images.SIZE];
      float[] lambdas =
          AugmentedBatch.of(
                  Images.INPUT,
                  List.of(new Augmentation.MixUp(alpha)),
                  KEY,
                  Images.ids(examples),
                  images)
              .lambdas();
      double mean = 0;
      double variance = 0;
      for (float lambda : lambdas) {
        assertThat(lambda).isBetween(0f, 1f);
        mean += lambda / examples;
        variance += (lambda - 0.5) * (lambda - 0.5) / examples;
      }
      assertThat(mean).isCloseTo(0.5, within(0.03));
      assertThat(variance).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.01));
    }
  }

  @Test
  void aBatchOfOneIsMixedWithItself() {
    float[] image = Images.random(1);
    for (Augmentation mixing : List.of(new Augmentation.MixUp(0.4), new Augmentation.CutMix(0.4))) {
      AugmentedBatch mixed =
          AugmentedBatch.of(Images.INPUT, List.of(mixing), KEY, new long[] {3}, image);
      assertThat(mixed.partners()).containsExactly(0);
      assertClose(mixed.values(), 0, Images.each((y, x, c) -> Images.at(image, y, x, c)));
    }
  }

  @Test
  void othersTakePlaceInTheOrderOfTheListAfterWhatMoves() {
    float[] images =
        augment(
                new Augmentation.Cutout(9),
                new Augmentation.Brightness(1, 10),
                new Augmentation.HorizontalFlip(1))
            .values();
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      int top = (int) (draw(n, 0) * Images.HEIGHT) - 4;
      int left = (int) (draw(n, 1) * Images.WIDTH) - 4;
      float uniform = new ReferenceNoise(KEY, IDS[n]).draw("picture", 1, 0);
      double delta = 10 * (2 * uniform - 1);
      assertClose(
          images,
          n,
          Images.each(
              (y, x, c) ->
                  delta
                      + (inside(y, top, 9) && inside(x, left, 9)
                          ? 0
                          : Images.at(image, y, Images.WIDTH - 1 - x, c))));
    }
  }

  private static boolean inside(int pixel, int start, int length) {
    return pixel >= start && pixel < start + length;
  }

  /** The root of the share that is cut out; between the quantiles of the table, a straight line. */
  private static double side(float uniform) {
    int intervals = QuantileTable.INTERVALS;
    int interval = (int) (uniform * intervals);
    double part = uniform * intervals - interval;
    return (1 - part) * Math.sqrt((double) interval / intervals)
        + part * Math.sqrt((interval + 1.0) / intervals);
  }

  private static float draw(int example, int number) {
    return new ReferenceNoise(KEY, IDS[example]).draw("picture", 0, number);
  }

  private static AugmentedBatch augment(Augmentation... augmentations) {
    return AugmentedBatch.of(Images.INPUT, List.of(augmentations), KEY, IDS, IMAGES);
  }

  private static void assertExact(float[] actual, int number, double... expected) {
    assertEqual(actual, number, 0, expected);
  }

  private static void assertClose(float[] actual, int number, double... expected) {
    assertEqual(actual, number, 1e-3, expected);
  }

  private static void assertEqual(
      float[] actual, int number, double tolerance, double... expected) {
    float[] image = Images.image(actual, number);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) image[i])
          .as("value %d of image %d", i, number)
          .isCloseTo(expected[i], within(tolerance));
    }
  }
}
