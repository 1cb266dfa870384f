package io.lepton.tf.savedmodel;

import java.io.Serializable;

/**
 * What a step of training computes. An export for inference leaves it open: dropout leaves no trace
 * there, and batch normalization uses the statistics it was exported with.
 */
public sealed interface TrainingMode extends Serializable {
  /** What inference computes: batch normalization is frozen, nothing is dropped out. */
  record AsExported() implements TrainingMode {}

  /**
   * Batch normalization uses the statistics of the batch and moves its own by them.
   *
   * @param momentum the share that moving statistics keep in a step; an export does not tell it,
   *     0.99 is Keras's own
   */
  record BatchStatistics(double momentum) implements TrainingMode {
    public BatchStatistics {
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum must be in [0, 1), but was: " + momentum);
      }
    }
  }

  /**
   * What another endpoint of the same inputs and outputs computes, exported with {@code training =
   * True}. Its assignments are part of the step; dropout takes its seed from the step.
   *
   * @param name of the signature
   */
  record Endpoint(String name) implements TrainingMode {}

  /**
   * A signature gives the loss of a batch and the gradient of each variable, as a {@code
   * tf.function} with a {@code GradientTape} does. Nothing is differentiated here, so that whatever
   * Python can differentiate can be trained; example weights it does not know.
   *
   * @param options where it gives them
   */
  record Gradients(GradientOptions options) implements TrainingMode {}
}
