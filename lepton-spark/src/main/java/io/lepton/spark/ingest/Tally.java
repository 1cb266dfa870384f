package io.lepton.spark.ingest;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/**
 * What a fitting gathers from the cells of one column. Cells that ingest will refuse are left out.
 * One thread; a task has its own copy.
 */
abstract class Tally implements Serializable {
  private final String column;

  Tally(String column) {
    this.column = column;
  }

  final String column() {
    return column;
  }

  /** Takes a cell that is not null. */
  abstract void add(SpecializedGetters cells, int ordinal);

  /** Takes over what another of the same kind has gathered after this one. */
  abstract void merge(Tally other);
}
