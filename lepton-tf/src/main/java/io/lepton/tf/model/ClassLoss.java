package io.lepton.tf.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Against integer labels {@code [..]} in {@code [0, classes)}. Outputs are logits, {@code [..,
 * classes]}; of two classes most take one logit of the second class instead, {@code [.., 1]} or the
 * label's own shape unless that is a scalar.
 *
 * <p>With the margin {@code s} of a label's logit, {@code x_y − log Σ_{c≠y} exp x_c} or {@code ±x}
 * of one logit, the probability of the label is {@code p = σ(s)}.
 */
public sealed interface ClassLoss extends Loss
    permits Loss.Softmax, Loss.Sigmoid, ClassLoss.Focal, ClassLoss.Hinge, ClassLoss.Dice {

  @Override
  default List<String> means() {
    return List.of("accuracy");
  }

  @Override
  default List<List<Integer>> outputShapes(List<Integer> label) {
    List<List<Integer>> shapes = new ArrayList<>(List.of(Shapes.append(label, classes())));
    if (classes() == 2) {
      shapes.addAll(0, oneLogit(label));
    }
    return List.copyOf(shapes);
  }

  /**
   * {@code −α·(1 − p)^γ·log p}: examples that are right already count less (Lin et al., 2017). Of
   * one logit, negatives have {@code 1 − α} in place of {@code α}.
   */
  record Focal(int classes, double gamma, double alpha) implements ClassLoss {
    public Focal {
      requireClasses(classes);
      if (!(gamma >= 0) || Double.isInfinite(gamma)) {
        throw new IllegalArgumentException("gamma must not be negative, but was: " + gamma);
      }
      if (!(alpha > 0 && alpha <= 1)) {
        throw new IllegalArgumentException(
            "alpha must be above 0 and at most 1, but was: " + alpha);
      }
    }

    @Override
    public String title() {
      return "focal over %d classes".formatted(classes);
    }
  }

  /**
   * {@code max(0, 1 − ±x)} of one logit, else {@code max(0, 1 + max_{c≠y} x_c − x_y)} (Crammer and
   * Singer, 2001).
   */
  record Hinge(int classes) implements ClassLoss {
    public Hinge {
      requireClasses(classes);
    }

    @Override
    public String title() {
      return "hinge over %d classes".formatted(classes);
    }
  }

  /**
   * {@code 1 − (2·Σ p·t + 1) / (Σ p + Σ t + 1)} over the elements of an example, {@code t} being 1
   * where the label is the class; of one logit for the second class, else the mean over classes
   * (Milletari et al., 2016, without their squares).
   *
   * @param crossEntropy whether the mean cross entropy of the elements is added
   */
  record Dice(int classes, boolean crossEntropy) implements ClassLoss {
    public Dice {
      requireClasses(classes);
    }

    @Override
    public String title() {
      return "Dice over %d classes".formatted(classes);
    }
  }

  static void requireClasses(int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, but was: " + classes);
    }
  }

  static void requireFraction(String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          option + " must be at least 0 and below 1, but was: " + value);
    }
  }

  static void requirePositive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(option + " must be positive, but was: " + value);
    }
  }

  /** Shapes of one logit for each element of a label. */
  static List<List<Integer>> oneLogit(List<Integer> label) {
    return label.isEmpty()
        ? List.of(List.of(1))
        : List.of(Shapes.append(label, 1), List.copyOf(label));
  }
}
