package io.lepton.tf.bundle;

import java.io.IOException;

/** A directory is no bundle that can be trusted; the message says what was found and the mend. */
public final class BundleException extends IOException {
  BundleException(String message) {
    super(message);
  }

  BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
