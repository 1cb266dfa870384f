package io.lepton.spark;

/** Work was given up because attempts of a task did not end in time. */
public final class OverdueTaskException extends RuntimeException {
  OverdueTaskException(String message, Throwable cause) {
    super(message, cause);
  }
}
