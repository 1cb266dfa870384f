package io.lepton.spark;

import io.lepton.tf.Precision;

/** A precision was asked for that a machine does not compute in. */
public final class PrecisionException extends RuntimeException {
  PrecisionException(Precision precision, String executor) {
    super(
        "precision must be one that every machine computes in, but was %s, for which executor %s"
                .formatted(precision.word(), executor)
            + " lacks a processor with any of %s; choose float32 or auto"
                .formatted(String.join(", ", precision.features())));
  }
}
