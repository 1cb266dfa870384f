package io.lepton.tf.savedmodel;

/**
 * A SavedModel that cannot be trained here. The message is the rule, what broke it, and the mend.
 */
public final class ImportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ImportException(String message) {
    super(message);
  }

  ImportException(String message, Throwable cause) {
    super(message, cause);
  }
}
