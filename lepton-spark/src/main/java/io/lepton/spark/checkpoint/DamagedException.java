package io.lepton.spark.checkpoint;

import java.io.IOException;

/** A checkpoint that is not what was written. */
final class DamagedException extends IOException {
  DamagedException(String message) {
    super(message);
  }
}
