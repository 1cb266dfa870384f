package io.lepton.spark.ingest;

import java.util.List;
import java.util.stream.Collectors;

/** The data breaks rules; the message names each column, rule, count and a sample row. */
public final class DataException extends RuntimeException {
  private final List<Defect> defects;

  /** Data that is wrong as a whole, say empty. */
  public DataException(String message) {
    super(message);
    this.defects = List.of();
  }

  /** Data with wrong rows, to train on. */
  public DataException(String source, List<Defect> defects) {
    this(source, "trained on", defects);
  }

  private DataException(String source, String use, List<Defect> defects) {
    super(
        defects.stream()
            .map(defect -> "\n  " + defect)
            .collect(Collectors.joining("", source + " cannot be " + use + ":", "")));
    this.defects = List.copyOf(defects);
  }

  /** Rows that no model can score. */
  public static DataException ofScoring(List<Defect> defects) {
    return new DataException("rows", "scored", defects);
  }

  /** What is wrong, by column and rule; empty if the data is wrong as a whole. */
  public List<Defect> defects() {
    return defects;
  }
}
