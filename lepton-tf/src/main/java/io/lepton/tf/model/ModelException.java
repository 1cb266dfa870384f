package io.lepton.tf.model;

/**
 * A model that cannot be. The message names the layer (position in the chain and kind), the shape
 * it was given, the shape that fits, and the mend.
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
