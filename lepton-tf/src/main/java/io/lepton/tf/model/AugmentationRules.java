package io.lepton.tf.model;

import io.lepton.arrow.ColumnSpec;
import java.util.List;
import java.util.Optional;

/** What must hold of an input's list of augmentations. */
final class AugmentationRules {
  private AugmentationRules() {}

  /**
   * Checks everything.
   *
   * @throws ModelException for the first rule that is broken
   */
  static void check(ColumnSpec input, List<Augmentation> augmentations) {
    augmentations.forEach(augmentation -> checkKind(input, augmentation));
    augmentations.forEach(augmentation -> checkSize(input, augmentation));
    List<String> mixing =
        augmentations.stream().filter(AugmentationRules::mixes).map(Augmentation::kind).toList();
    if (mixing.size() > 1) {
      throw new ModelException(
          "input '%s' must have at most one of mixup and cutmix, but has: %s; keep one"
              .formatted(input.name(), mixing));
    }
  }

  /**
   * Checks the inputs of a model, each by itself and together.
   *
   * @throws ModelException for the first rule that is broken
   */
  static void check(List<ModelInput> inputs) {
    inputs.stream()
        .filter(input -> !input.augmentations().isEmpty())
        .forEach(input -> check(input.prepared(), input.augmentations()));
    List<String> mixing =
        inputs.stream().filter(AugmentationRules::mixes).map(ModelInput::name).toList();
    if (mixing.size() > 1) {
      throw new ModelException(
          "at most one input of a model must have mixup or cutmix, but these have: %s; keep one"
              .formatted(String.join(", ", mixing)));
    }
  }

  static boolean mixes(ModelInput input) {
    return input.augmentations().stream().anyMatch(AugmentationRules::mixes);
  }

  private static boolean mixes(Augmentation augmentation) {
    return augmentation instanceof Augmentation.MixUp
        || augmentation instanceof Augmentation.CutMix;
  }

  private static void checkKind(ColumnSpec input, Augmentation augmentation) {
    InputKind wanted = InputKind.of(augmentation);
    if (!InputKind.of(input).equals(Optional.of(wanted))) {
      throw new ModelException(
          "%s takes %s, but input '%s' is %s of shape %s; take it out of the input's augmentations"
              .formatted(
                  augmentation.kind(),
                  wanted.description(),
                  input.name(),
                  input.type(),
                  input.shape()));
    }
  }

  private static void checkSize(ColumnSpec input, Augmentation augmentation) {
    if (augmentation instanceof Augmentation.RandomCrop crop) {
      checkSize(input, "padding of random-crop must be below", crop.padding(), 1);
    } else if (augmentation instanceof Augmentation.Cutout cutout) {
      checkSize(input, "size of cutout must be at most", cutout.size(), 0);
    }
  }

  private static void checkSize(ColumnSpec input, String rule, int value, int margin) {
    int side = Math.min(input.shape().get(0), input.shape().get(1));
    if (value > side - margin) {
      throw new ModelException(
          "%s the shorter side %d of input '%s', but was: %d; make it smaller"
              .formatted(rule, side, input.name(), value));
    }
  }
}
