package io.lepton.spark;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Columns of a DataFrame. */
public final class Columns {
  private Columns() {}

  /** The one of that very name, dots and all. */
  public static Column named(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
