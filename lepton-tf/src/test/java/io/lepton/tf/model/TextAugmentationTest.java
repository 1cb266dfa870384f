package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextAugmentationTest {
  private static final int EXAMPLES = 300;
  private static final int LENGTH = 21;
  private static final int WORDS = 16;
  private static final long KEY = 12;
  private static final long[] IDS = Images.ids(EXAMPLES);
  private static final ColumnSpec INPUT =
      new ColumnSpec("text", ElementType.INT32, List.of(LENGTH));

  @Test
  void wordsAreReplacedWithTheRateAndPaddingStays() {
    for (double rate : new double[] {0, 0.2, 1}) {
      float[] texts = augment(new Augmentation.WordDropout(rate, 7));
      int replaced = 0;
      for (int i = 0; i < texts.length; i++) {
        boolean replace = token(i) != 0 && element(i) < (float) rate;
        assertThat(texts[i]).isEqualTo(replace ? 7 : token(i));
        replaced += replace ? 1 : 0;
      }
      assertThat(replaced / (double) (EXAMPLES * WORDS)).isCloseTo(rate, within(0.02));
    }
  }

  @Test
  void pairsOfWordsChangePlacesWithTheRateAndPaddingStays() {
    for (double rate : new double[] {0, 0.3, 1}) {
      float[] texts = augment(new Augmentation.WordSwap(rate));
      for (int n = 0; n < EXAMPLES; n++) {
        float[] expected = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
          expected[i] = token(n * LENGTH + i);
        }
        boolean second = new ReferenceNoise(KEY, IDS[n]).draw("text", 0, 0) >= 0.5f;
        for (int i = second ? 1 : 0; i + 1 < LENGTH; i += 2) {
          boolean words = expected[i] != 0 && expected[i + 1] != 0;
          if (words && element(n * LENGTH + i) < (float) rate) {
            float first = expected[i];
            expected[i] = expected[i + 1];
            expected[i + 1] = first;
          }
        }
        for (int i = 0; i < LENGTH; i++) {
          assertThat(texts[n * LENGTH + i]).isEqualTo(expected[i]);
        }
      }
    }
  }

  @Test
  void aTextWithoutPaddingDoesNotWrapAround() {
    ColumnSpec input = new ColumnSpec("text", ElementType.INT32, List.of(3));
    float[] texts =
        AugmentedBatch.of(
                input,
                List.of(new Augmentation.WordSwap(1)),
                KEY,
                new long[] {0, 1, 2, 3, 4, 5},
                1,
                2,
                3,
                1,
                2,
                3,
                1,
                2,
                3,
                1,
                2,
                3,
                1,
                2,
                3,
                1,
                2,
                3)
            .values();
    for (int i = 0; i < texts.length; i += 3) {
      assertThat(List.of(texts[i], texts[i + 1], texts[i + 2]))
          .isIn(List.of(2f, 1f, 3f), List.of(1f, 3f, 2f));
    }
  }

  private static float token(int place) {
    return place % LENGTH < WORDS ? 10 + place % 97 : 0;
  }

  private static float element(int place) {
    return new ReferenceNoise(KEY, IDS[place / LENGTH]).element("text", 0, place % LENGTH);
  }

  private static float[] augment(Augmentation augmentation) {
    float[] texts = new float[EXAMPLES * LENGTH];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = token(i);
    }
    return AugmentedBatch.of(INPUT, List.of(augmentation), KEY, IDS, texts).values();
  }
}
