package io.lepton.tf.model;

import java.io.Serializable;

/**
 * A random change of an input's examples while training; nothing when evaluating or serving.
 *
 * <p>What happens to an example is a function of (seed, epoch, example id, name of the input,
 * position in the input's list) alone: not of the batch it is in, its place there or the thread.
 * Only {@link MixUp} and {@link CutMix} look at another example, the one half a batch on.
 *
 * <p>Values are those stored, {@code 0…255} for bytes; none is clipped. The augmentations of a list
 * take place in its order, except that crop, flips and rotation of an image come first, composed
 * into one resampling.
 */
public sealed interface Augmentation extends Serializable {

  /** The name the augmentation has in configuration files. */
  String kind();

  /**
   * Moves an image by up to {@code padding} pixels along each axis, every offset as likely; zeros
   * come in at the border. The same as padding with zeros and cropping back at a random place.
   */
  record RandomCrop(int padding) implements Augmentation {
    public RandomCrop {
      requirePositive("padding", padding);
    }

    @Override
    public String kind() {
      return "random-crop";
    }
  }

  /** Swaps left and right of an image. */
  record HorizontalFlip(double probability) implements Augmentation {
    public HorizontalFlip {
      requireShare("probability", probability);
    }

    @Override
    public String kind() {
      return "horizontal-flip";
    }
  }

  /** Swaps top and bottom of an image. */
  record VerticalFlip(double probability) implements Augmentation {
    public VerticalFlip {
      requireShare("probability", probability);
    }

    @Override
    public String kind() {
      return "vertical-flip";
    }
  }

  /**
   * Turns an image about its centre by an angle uniform in {@code ±maxDegrees}; bilinear, zeros
   * come in at the corners.
   */
  record Rotation(double maxDegrees) implements Augmentation {
    public Rotation {
      if (!(maxDegrees > 0 && maxDegrees <= 180)) {
        throw new IllegalArgumentException(
            "max-degrees must be in (0, 180], but was: " + maxDegrees);
      }
    }

    @Override
    public String kind() {
      return "rotation";
    }
  }

  /**
   * Adds one number to all of an image, uniform in {@code ±maxDelta·valueRange}.
   *
   * @param maxDelta share of the range of values
   * @param valueRange largest less smallest value that is stored: 255 for bytes
   */
  record Brightness(double maxDelta, double valueRange) implements Augmentation {
    public Brightness {
      requireShare("max-delta", maxDelta);
      requirePositive("value-range", valueRange);
    }

    @Override
    public String kind() {
      return "brightness";
    }
  }

  /**
   * Multiplies an image's distance from its own mean, channel by channel, by one factor uniform in
   * {@code [low, high]}. The mean is of values rounded to multiples of 2⁻¹⁶.
   */
  record Contrast(double low, double high) implements Augmentation {
    public Contrast {
      if (!(low >= 0 && low <= high && Double.isFinite(high))) {
        throw new IllegalArgumentException(
            "low must be from 0 to a finite high, but low and high were: %s and %s"
                .formatted(low, high));
      }
    }

    @Override
    public String kind() {
      return "contrast";
    }
  }

  /**
   * Zeroes a square of {@code size} pixels a side about a random pixel, clipped at the border:
   * DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout",
   * 2017.
   */
  record Cutout(int size) implements Augmentation {
    public Cutout {
      requirePositive("size", size);
    }

    @Override
    public String kind() {
      return "cutout";
    }
  }

  /**
   * Blends each image with its partner half a batch on, {@code λ·x + (1−λ)·partner}, and their
   * losses likewise; {@code λ ~ Beta(alpha, alpha)}: Zhang et al., "mixup: Beyond Empirical Risk
   * Minimization", ICLR 2018.
   */
  record MixUp(double alpha) implements Augmentation {
    public MixUp {
      requirePositive("alpha", alpha);
    }

    @Override
    public String kind() {
      return "mixup";
    }
  }

  /**
   * Pastes a rectangle of the image half a batch on over each, about a random pixel and clipped at
   * the border, and mixes their losses by area. The rectangle has the share {@code 1−λ} of the
   * image before it is clipped, {@code λ ~ Beta(alpha, alpha)}: Yun et al., "CutMix: Regularization
   * Strategy to Train Strong Classifiers with Localizable Features", ICCV 2019.
   */
  record CutMix(double alpha) implements Augmentation {
    public CutMix {
      requirePositive("alpha", alpha);
    }

    @Override
    public String kind() {
      return "cutmix";
    }
  }

  /** Adds normal numbers of mean 0 and a standard deviation to the features of a table. */
  record GaussianNoise(double deviation) implements Augmentation {
    public GaussianNoise {
      requirePositive("deviation", deviation);
    }

    @Override
    public String kind() {
      return "gaussian-noise";
    }
  }

  /** Zeroes each feature of a table with a probability; the others stay as they are. */
  record FeatureDropout(double rate) implements Augmentation {
    public FeatureDropout {
      requireShare("rate", rate);
    }

    @Override
    public String kind() {
      return "feature-dropout";
    }
  }

  /**
   * Replaces each token with a probability; padding, token 0, stays.
   *
   * @param replacement the token to put there
   */
  record WordDropout(double rate, int replacement) implements Augmentation {
    public WordDropout {
      requireShare("rate", rate);
      if (replacement < 0) {
        throw new IllegalArgumentException(
            "replacement must not be negative, but was: " + replacement);
      }
    }

    @Override
    public String kind() {
      return "word-dropout";
    }
  }

  /**
   * Swaps neighbouring tokens. A text is cut into pairs, at its first or its second token with even
   * chances, and each pair changes places with a probability; a pair with padding, token 0, stays.
   */
  record WordSwap(double rate) implements Augmentation {
    public WordSwap {
      requireShare("rate", rate);
    }

    @Override
    public String kind() {
      return "word-swap";
    }
  }

  private static void requirePositive(String option, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "%s must be positive and finite, but was: %s".formatted(option, value));
    }
  }

  private static void requirePositive(String option, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(option + " must be positive, but was: " + value);
    }
  }

  private static void requireShare(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(option + " must be in [0, 1], but was: " + value);
    }
  }
}
