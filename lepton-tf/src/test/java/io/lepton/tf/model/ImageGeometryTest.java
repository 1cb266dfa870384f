package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageGeometryTest {
  private static final int EXAMPLES = 40;
  private static final long KEY = 99;
  private static final long[] IDS = Images.ids(EXAMPLES);
  private static final float[] IMAGES = Images.random(EXAMPLES);

  @Test
  void aCropMovesAnImageByTheOffsetsOfItsExample() {
    float[] cropped = augment(new Augmentation.RandomCrop(2));
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      int dx = (int) Math.floor(draw(n, 0, 0) * 5) - 2;
      int dy = (int) Math.floor(draw(n, 0, 1) * 5) - 2;
      double[] expected = Images.each((y, x, c) -> Images.at(image, y + dy, x + dx, c));
      assertThat(Images.image(cropped, n)).isEqualTo(floats(expected));
    }
  }

  @Test
  void everyOffsetIsAsLikely() {
    int examples = 5000;
    int[][] counts = new int[5][5];
    for (int id = 0; id < examples; id++) {
      ReferenceNoise noise = new ReferenceNoise(KEY, id);
      int x = (int) (noise.draw("picture", 0, 0) * 5);
      int y = (int) (noise.draw("picture", 0, 1) * 5);
      counts[y][x]++;
    }
    for (int[] row : counts) {
      for (int count : row) {
        assertThat(count).isBetween(140, 260);
      }
    }
  }

  @Test
  void flipsSwapSidesWithTheirProbability() {
    float[] flipped =
        augment(new Augmentation.HorizontalFlip(0.3), new Augmentation.VerticalFlip(0.6));
    int both = 0;
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      boolean horizontally = draw(n, 0, 0) < 0.3f;
      boolean vertically = draw(n, 1, 0) < 0.6f;
      both += horizontally && vertically ? 1 : 0;
      double[] expected =
          Images.each(
              (y, x, c) ->
                  Images.at(
                      image,
                      vertically ? Images.HEIGHT - 1 - y : y,
                      horizontally ? Images.WIDTH - 1 - x : x,
                      c));
      assertThat(Images.image(flipped, n)).isEqualTo(floats(expected));
    }
    assertThat(both).isBetween(1, EXAMPLES - 1);
  }

  @Test
  void aProbabilityOfOneAlwaysFlipsAndOfZeroNever() {
    float[] always = augment(new Augmentation.HorizontalFlip(1));
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      double[] expected = Images.each((y, x, c) -> Images.at(image, y, Images.WIDTH - 1 - x, c));
      assertThat(Images.image(always, n)).isEqualTo(floats(expected));
    }
    assertThat(augment(new Augmentation.HorizontalFlip(0), new Augmentation.VerticalFlip(0)))
        .isEqualTo(IMAGES);
  }

  @Test
  void aRotationBlendsTheFourPixelsAroundThePlaceItReads() {
    float[] turned = augment(new Augmentation.Rotation(50));
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      double angle = Math.toRadians(50) * (2 * draw(n, 0, 0) - 1);
      double middleX = (Images.WIDTH - 1) / 2.0;
      double middleY = (Images.HEIGHT - 1) / 2.0;
      double[] expected =
          Images.each(
              (y, x, c) ->
                  blend(
                      image,
                      middleY + Math.sin(angle) * (x - middleX) + Math.cos(angle) * (y - middleY),
                      middleX + Math.cos(angle) * (x - middleX) - Math.sin(angle) * (y - middleY),
                      c));
      assertClose(Images.image(turned, n), expected);
    }
  }

  @Test
  void stepsAreComposedInTheOrderOfTheList() {
    float[] moved =
        augment(
            new Augmentation.RandomCrop(3),
            new Augmentation.Brightness(0, 1),
            new Augmentation.HorizontalFlip(0.5),
            new Augmentation.Rotation(30),
            new Augmentation.VerticalFlip(0.5));
    for (int n = 0; n < EXAMPLES; n++) {
      float[] image = Images.image(IMAGES, n);
      int number = n;
      double[] expected =
          Images.each(
              (y, x, c) -> {
                double[] place = {y, x};
                if (draw(number, 4, 0) < 0.5f) {
                  place[0] = Images.HEIGHT - 1 - place[0];
                }
                double angle = Math.toRadians(30) * (2 * draw(number, 3, 0) - 1);
                double up = place[0] - (Images.HEIGHT - 1) / 2.0;
                double right = place[1] - (Images.WIDTH - 1) / 2.0;
                place[0] =
                    (Images.HEIGHT - 1) / 2.0 + Math.sin(angle) * right + Math.cos(angle) * up;
                place[1] =
                    (Images.WIDTH - 1) / 2.0 + Math.cos(angle) * right - Math.sin(angle) * up;
                if (draw(number, 2, 0) < 0.5f) {
                  place[1] = Images.WIDTH - 1 - place[1];
                }
                double dx = Math.floor(draw(number, 0, 0) * 7) - 3;
                double dy = Math.floor(draw(number, 0, 1) * 7) - 3;
                return blend(image, place[0] + dy, place[1] + dx, c);
              });
      assertClose(Images.image(moved, n), expected);
    }
  }

  private static double blend(float[] image, double y, double x, int channel) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    double down = y - top;
    double right = x - left;
    return (1 - down) * (1 - right) * Images.at(image, top, left, channel)
        + (1 - down) * right * Images.at(image, top, left + 1, channel)
        + down * (1 - right) * Images.at(image, top + 1, left, channel)
        + down * right * Images.at(image, top + 1, left + 1, channel);
  }

  private static float draw(int example, int position, int number) {
    return new ReferenceNoise(KEY, IDS[example]).draw("picture", position, number);
  }

  private static float[] augment(Augmentation... augmentations) {
    return AugmentedBatch.of(Images.INPUT, List.of(augmentations), KEY, IDS, IMAGES).values();
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static void assertClose(float[] actual, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("value %d", i).isCloseTo(expected[i], within(0.01));
    }
  }
}
