package io.lepton.spark.ingest;

import java.util.List;

/** Columns that are asked for do not fit the schema; the message lists every problem. */
public final class SchemaException extends RuntimeException {
  private final List<String> problems;

  public SchemaException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each. */
  public List<String> problems() {
    return problems;
  }
}
