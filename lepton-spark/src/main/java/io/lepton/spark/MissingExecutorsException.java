package io.lepton.spark;

/** Work was given up because no executor was there to do it. */
public final class MissingExecutorsException extends RuntimeException {
  MissingExecutorsException(String message, Throwable cause) {
    super(message, cause);
  }
}
