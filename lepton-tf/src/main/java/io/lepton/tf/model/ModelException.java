package io.lepton.tf.model;

/**
 * A model that cannot be. The message names the layer (its position and, if it has one, its name),
 * what it was given, what fits, and the mend.
 */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ModelException(String message) {
    super(message);
  }

  ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
