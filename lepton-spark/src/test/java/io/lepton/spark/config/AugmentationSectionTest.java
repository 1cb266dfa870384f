package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import io.lepton.tf.model.Augmentation;
import java.util.List;
import org.junit.jupiter.api.Test;

class AugmentationSectionTest {
  private final Problems problems = new Problems();

  @Test
  void anInputWithoutTheKeyIsNotAugmented() {
    assertThat(read("")).isEmpty();
    assertThat(read("augment = null")).isEmpty();
  }

  @Test
  void everyKindIsReadInTheOrderOfTheListWithItsOptions() {
    List<Augmentation> read =
        read(
            """
            augment = [
              { random-crop { padding = 2 } }
              { horizontal-flip { probability = 0.25 } }
              { vertical-flip { probability = 1 } }
              { rotation { max-degrees = 30 } }
              { brightness { max-delta = 0.5, value-range = 1 } }
              { contrast { low = 0.5, high = 2 } }
              { cutout { size = 8 } }
              { mixup { alpha = 0.4 } }
              { cutmix { alpha = 2 } }
              { gaussian-noise { deviation = 3 } }
              { feature-dropout { rate = 0.2 } }
              { word-dropout { rate = 0.3, replacement = 5 } }
              { word-swap { rate = 0 } }
            ]
            """);

    assertThat(read)
        .containsExactly(
            new Augmentation.RandomCrop(2),
            new Augmentation.HorizontalFlip(0.25),
            new Augmentation.VerticalFlip(1),
            new Augmentation.Rotation(30),
            new Augmentation.Brightness(0.5, 1),
            new Augmentation.Contrast(0.5, 2),
            new Augmentation.Cutout(8),
            new Augmentation.MixUp(0.4),
            new Augmentation.CutMix(2),
            new Augmentation.GaussianNoise(3),
            new Augmentation.FeatureDropout(0.2),
            new Augmentation.WordDropout(0.3, 5),
            new Augmentation.WordSwap(0));
    problems.throwIfAny();
  }

  @Test
  void everyOptionButTheSizeOfCutoutHasADefault() {
    List<Augmentation> read =
        read(
            """
            augment = [
              { random-crop {} }, { horizontal-flip {} }, { vertical-flip {} }, { rotation {} }
              { brightness {} }, { contrast {} }, { mixup {} }, { cutmix {} }
              { gaussian-noise {} }, { feature-dropout {} }, { word-dropout {} }, { word-swap {} }
            ]
            """);

    assertThat(read)
        .containsExactly(
            new Augmentation.RandomCrop(4),
            new Augmentation.HorizontalFlip(0.5),
            new Augmentation.VerticalFlip(0.5),
            new Augmentation.Rotation(15),
            new Augmentation.Brightness(0.2, 255),
            new Augmentation.Contrast(0.8, 1.2),
            new Augmentation.MixUp(0.2),
            new Augmentation.CutMix(1),
            new Augmentation.GaussianNoise(0.1),
            new Augmentation.FeatureDropout(0.1),
            new Augmentation.WordDropout(0.1, 1),
            new Augmentation.WordSwap(0.1));
    problems.throwIfAny();
  }

  @Test
  void aKindIsCalledWhatItsAugmentationIs() {
    for (Augmentation augmentation :
        read("augment = [{ cutout { size = 1 } }, { mixup {} }, { word-swap {} }]")) {
      assertThat(read("augment = [{ %s { size = 1 } }]".formatted(augmentation.kind())))
          .extracting(Augmentation::kind)
          .containsExactly(augmentation.kind());
    }
  }

  @Test
  void everyProblemIsToldAndTheOthersAreRead() {
    List<Augmentation> read =
        read(
            """
            augment = [
              { horizontal-flop {} }
              { cutout {} }
              { vertical-flip { probability = 2 } }
              { rotation { max-degrees = 200 } }
              { contrast { low = 2 } }
              { mixup {} }
            ]
            """);

    assertThat(read).contains(new Augmentation.MixUp(0.2));
    assertThat(catchThrowableOfType(ConfigurationException.class, problems::throwIfAny).problems())
        .extracting(Problem::toString)
        .satisfiesExactly(
            problem ->
                assertThat(problem)
                    .contains("augment[0].horizontal-flop")
                    .contains("is not one of brightness, contrast, cutmix, cutout,")
                    .contains("did you mean horizontal-flip?"),
            problem ->
                assertThat(problem).contains("augment[1].cutout.size").contains("must be set"),
            problem ->
                assertThat(problem)
                    .contains("augment[2].vertical-flip.probability = 2")
                    .contains("must be a number from 0 to 1"),
            problem ->
                assertThat(problem)
                    .contains("augment[3].rotation.max-degrees = 200")
                    .contains("must be in (0, 180]; give"),
            problem ->
                assertThat(problem)
                    .contains("augment[4].contrast.low = 2")
                    .contains(
                        "must be from 0 to a finite high, but low and high were: 2.0 and 1.2"));
  }

  @Test
  void whatIsNoListIsRefused() {
    assertThat(read("augment = mixup")).isEmpty();
    assertThat(catchThrowableOfType(ConfigurationException.class, problems::throwIfAny))
        .hasMessageContaining("augment = \"mixup\"")
        .hasMessageContaining("must be a list of objects, not empty; write augment = [{ … }]");
  }

  private List<Augmentation> read(String text) {
    return AugmentationSection.read(
        Settings.root(ConfigFactory.parseString(text).root(), problems));
  }
}
