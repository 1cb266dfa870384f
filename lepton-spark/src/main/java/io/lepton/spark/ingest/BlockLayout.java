package io.lepton.spark.ingest;

import io.lepton.arrow.ColumnSpec;
import java.io.Serializable;
import java.util.List;

/** How rows lie in a block's bytes: column after column, each row after row. */
record BlockLayout(List<ColumnSpec> columns) implements Serializable {
  BlockLayout {
    columns = List.copyOf(columns);
  }

  int bytesPerRow() {
    return columns.stream().mapToInt(ColumnSpec::bytesPerExample).sum();
  }

  /** Where a column starts in a block of so many rows. */
  int start(int column, int rows) {
    int start = 0;
    for (int i = 0; i < column; i++) {
      start += columns.get(i).bytesPerExample() * rows;
    }
    return start;
  }
}
