package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableAugmentationTest {
  private static final int EXAMPLES = 500;
  private static final long KEY = 3;
  private static final long[] IDS = Images.ids(EXAMPLES);

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 7})
  void gaussianNoiseIsAddedToEachFeature(int features) {
    float[] table = Models.normals(EXAMPLES * features, 1);
    float[] noisy = augment(features, new Augmentation.GaussianNoise(0.25), table);
    int pairs = (features + 1) / 2;
    for (int i = 0; i < noisy.length; i++) {
      ReferenceNoise noise = new ReferenceNoise(KEY, IDS[i / features]);
      int feature = i % features;
      int pair = feature % pairs;
      double radius = Math.sqrt(-2 * Math.log(1 - noise.element("features", 0, pair)));
      double angle = 2 * Math.PI * noise.element("features", 0, pairs + pair);
      double normal = radius * (feature < pairs ? Math.cos(angle) : Math.sin(angle));
      assertThat((double) noisy[i]).isCloseTo(table[i] + 0.25 * normal, within(1e-5));
    }
  }

  @Test
  void featuresAreDroppedWithTheRateAndTheOthersStay() {
    int features = 40;
    float[] ones = new float[EXAMPLES * features];
    Arrays.fill(ones, 3);
    for (double rate : new double[] {0, 0.1, 0.5, 1}) {
      float[] dropped = augment(features, new Augmentation.FeatureDropout(rate), ones);
      int zeros = 0;
      for (int i = 0; i < dropped.length; i++) {
        ReferenceNoise noise = new ReferenceNoise(KEY, IDS[i / features]);
        boolean drop = noise.element("features", 0, i % features) < (float) rate;
        assertThat(dropped[i]).isEqualTo(drop ? 0 : 3);
        zeros += drop ? 1 : 0;
      }
      assertThat(zeros / (double) dropped.length).isCloseTo(rate, within(0.01));
    }
  }

  @Test
  void theSameAugmentationTwiceDrawsOtherNumbers() {
    float[] zeros = new float[EXAMPLES * 2];
    ColumnSpec input = Models.features(2);
    Augmentation noise = new Augmentation.GaussianNoise(1);
    float[] twice = AugmentedBatch.of(input, List.of(noise, noise), KEY, IDS, zeros).values();
    double squares = 0;
    for (float value : twice) {
      squares += value * value;
    }
    assertThat(squares / twice.length).isCloseTo(2, within(0.3));
  }

  private static float[] augment(int features, Augmentation augmentation, float... table) {
    return AugmentedBatch.of(Models.features(features), List.of(augmentation), KEY, IDS, table)
        .values();
  }
}
