package io.lepton.spark.ingest;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** What is gathered from some rows. One thread. */
final class Tallies implements Serializable {
  private static final int ROWS_BETWEEN_CHECKS = 1 << 16;

  private final List<Tally> tallies;
  private final int[] places;
  private long rows;

  /**
   * Nothing yet.
   *
   * @param columns of the scan
   */
  Tallies(List<Tally> tallies, List<String> columns) {
    this.tallies = tallies;
    this.places = tallies.stream().mapToInt(tally -> columns.indexOf(tally.column())).toArray();
  }

  List<Tally> all() {
    return tallies;
  }

  /** Rows that were taken. */
  long rows() {
    return rows;
  }

  /**
   * Takes columnar batches.
   *
   * @param wanted rows of the partition, by number
   */
  void addBatches(TaskContext context, Iterator<ColumnarBatch> batches, LongPredicate wanted) {
    long before = 0;
    while (batches.hasNext()) {
      context.killTaskIfInterrupted();
      ColumnarBatch batch = batches.next();
      long first = before;
      int[] taken =
          IntStream.range(0, batch.numRows()).filter(row -> wanted.test(first + row)).toArray();
      for (int i = 0; i < places.length; i++) {
        ColumnarArray cells = new ColumnarArray(batch.column(places[i]), 0, batch.numRows());
        for (int row : taken) {
          if (!cells.isNullAt(row)) {
            tallies.get(i).add(cells, row);
          }
        }
      }
      rows += taken.length;
      before += batch.numRows();
    }
  }

  /**
   * Takes internal rows.
   *
   * @param wanted rows of the partition, by number
   */
  void addRows(TaskContext context, Iterator<InternalRow> source, LongPredicate wanted) {
    for (long number = 0; source.hasNext(); number++) {
      if (number % ROWS_BETWEEN_CHECKS == 0) {
        context.killTaskIfInterrupted();
      }
      InternalRow row = source.next();
      if (wanted.test(number)) {
        for (int i = 0; i < places.length; i++) {
          if (!row.isNullAt(places[i])) {
            tallies.get(i).add(row, places[i]);
          }
        }
        rows++;
      }
    }
  }

  /** Takes over what another has gathered after this one. */
  void merge(Tallies other) {
    for (int i = 0; i < places.length; i++) {
      tallies.get(i).merge(other.tallies.get(i));
    }
    rows += other.rows;
  }
}
