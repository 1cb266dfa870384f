package io.lepton.tf.bundle;

import java.util.List;

/**
 * One output of a model.
 *
 * @param name in the signature, such as {@code logits} or {@code price_predictions}
 * @param label it is of; empty if there is but one
 * @param kind of its numbers
 * @param tensor that gives it, as {@code op:index}
 * @param shape of one example
 * @param oneLogit whether it has a single logit or probability for two classes
 */
public record ModelOutput(
    String name, String label, Kind kind, String tensor, List<Integer> shape, boolean oneLogit) {
  /** What numbers are. */
  public enum Kind {
    /** Of a classifier, before they become probabilities. */
    LOGITS,
    /** Of each class, or of class 1 if there is but one. */
    PROBABILITIES,
    /** Numbers of all else. */
    PREDICTIONS
  }

  public ModelOutput {
    shape = List.copyOf(shape);
  }

  /** Elements of one example. */
  public int width() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** Elements that make up the choice of one class: 1 of two classes, or as many as classes. */
  public int logits() {
    return oneLogit ? 1 : shape.get(shape.size() - 1);
  }
}
