package io.lepton.spark.ingest;

import java.io.Serializable;

/**
 * Missing values of a column.
 *
 * @param filled values that something else took the place of
 * @param dropped rows that were left out
 */
public record MissingCount(long filled, long dropped) implements Serializable {
  MissingCount plus(MissingCount other) {
    return new MissingCount(filled + other.filled, dropped + other.dropped);
  }
}
