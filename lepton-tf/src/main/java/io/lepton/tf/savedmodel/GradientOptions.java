package io.lepton.tf.savedmodel;

import java.io.Serializable;

/**
 * Where a SavedModel gives its loss and gradients.
 *
 * @param endpoint name of the signature
 * @param loss name of the output that is the mean loss of the batch, a scalar
 * @param gradients what the names of the gradients start with; the numbers 0, 1, … follow, with or
 *     without zeros before them
 */
public record GradientOptions(String endpoint, String loss, String gradients)
    implements Serializable {
  private static final GradientOptions DEFAULTS =
      new GradientOptions("loss_and_grads", "loss", "grad_");

  /** {@code loss} and {@code grad_000} … of the signature {@code loss_and_grads}. */
  public static GradientOptions defaults() {
    return DEFAULTS;
  }
}
