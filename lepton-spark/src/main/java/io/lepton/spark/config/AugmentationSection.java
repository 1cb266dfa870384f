package io.lepton.spark.config;

import io.lepton.tf.model.Augmentation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads the augmentations of one input: a list of objects whose one key is the kind, with its
 * options below; none without the key {@code augment}.
 */
final class AugmentationSection {
  private static final String KEY = "augment";

  private static final Map<String, Function<Settings, Augmentation>> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("brightness", AugmentationSection::brightness),
              Map.entry("contrast", AugmentationSection::contrast),
              Map.entry("cutmix", AugmentationSection::cutMix),
              Map.entry("cutout", AugmentationSection::cutout),
              Map.entry("feature-dropout", AugmentationSection::featureDropout),
              Map.entry("gaussian-noise", AugmentationSection::gaussianNoise),
              Map.entry("horizontal-flip", AugmentationSection::horizontalFlip),
              Map.entry("mixup", AugmentationSection::mixUp),
              Map.entry("random-crop", AugmentationSection::randomCrop),
              Map.entry("rotation", AugmentationSection::rotation),
              Map.entry("vertical-flip", AugmentationSection::verticalFlip),
              Map.entry("word-dropout", AugmentationSection::wordDropout),
              Map.entry("word-swap", AugmentationSection::wordSwap)));

  private AugmentationSection() {}

  /** Those of an input, without those that were problems. */
  static List<Augmentation> read(Settings input) {
    if (!input.has(KEY)) {
      return List.of();
    }
    return input.items(KEY).stream()
        .map(AugmentationSection::augmentation)
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Augmentation> augmentation(Settings item) {
    return item.variant(List.copyOf(KINDS.keySet()))
        .flatMap(it -> it.settings().make(() -> KINDS.get(it.kind()).apply(it.settings())));
  }

  private static Augmentation randomCrop(Settings options) {
    return new Augmentation.RandomCrop(
        options.orDefault("padding", Defaults.CROP_PADDING, Rule.integer(1)));
  }

  private static Augmentation horizontalFlip(Settings options) {
    return new Augmentation.HorizontalFlip(flip(options));
  }

  private static Augmentation verticalFlip(Settings options) {
    return new Augmentation.VerticalFlip(flip(options));
  }

  private static double flip(Settings options) {
    return options.orDefault("probability", Defaults.FLIP_PROBABILITY, Rule.number(Range.SHARE));
  }

  private static Augmentation rotation(Settings options) {
    return new Augmentation.Rotation(
        options.orDefault("max-degrees", Defaults.ROTATION_DEGREES, Rule.number(Range.POSITIVE)));
  }

  private static Augmentation brightness(Settings options) {
    return new Augmentation.Brightness(
        options.orDefault("max-delta", Defaults.BRIGHTNESS_DELTA, Rule.number(Range.SHARE)),
        options.orDefault("value-range", Defaults.VALUE_RANGE, Rule.number(Range.POSITIVE)));
  }

  private static Augmentation contrast(Settings options) {
    return new Augmentation.Contrast(
        options.orDefault("low", Defaults.CONTRAST_LOW, Rule.number(Range.ANY)),
        options.orDefault("high", Defaults.CONTRAST_HIGH, Rule.number(Range.ANY)));
  }

  private static Augmentation cutout(Settings options) {
    return new Augmentation.Cutout(options.required("size", Rule.integer(1)));
  }

  private static Augmentation mixUp(Settings options) {
    return new Augmentation.MixUp(
        options.orDefault("alpha", Defaults.MIXUP_ALPHA, Rule.number(Range.POSITIVE)));
  }

  private static Augmentation cutMix(Settings options) {
    return new Augmentation.CutMix(
        options.orDefault("alpha", Defaults.CUTMIX_ALPHA, Rule.number(Range.POSITIVE)));
  }

  private static Augmentation gaussianNoise(Settings options) {
    return new Augmentation.GaussianNoise(
        options.orDefault("deviation", Defaults.NOISE_DEVIATION, Rule.number(Range.POSITIVE)));
  }

  private static Augmentation featureDropout(Settings options) {
    return new Augmentation.FeatureDropout(rate(options));
  }

  private static Augmentation wordDropout(Settings options) {
    return new Augmentation.WordDropout(
        rate(options), options.orDefault("replacement", Defaults.UNKNOWN_WORD, Rule.integer(0)));
  }

  private static Augmentation wordSwap(Settings options) {
    return new Augmentation.WordSwap(rate(options));
  }

  private static double rate(Settings options) {
    return options.orDefault("rate", Defaults.AUGMENTATION_RATE, Rule.number(Range.SHARE));
  }
}
