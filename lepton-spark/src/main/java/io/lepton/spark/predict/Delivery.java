package io.lepton.spark.predict;

import io.lepton.spark.WholeDirectory;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Two directories of Parquet files that predictions go to: what cannot be scored first, so that
 * whoever sees the other sees all.
 *
 * @param output of rows with scores
 * @param quarantine of rows without
 * @param partitionBy columns that the output is laid out by
 */
record Delivery(WholeDirectory output, WholeDirectory quarantine, List<String> partitionBy)
    implements AutoCloseable {

  /**
   * Writes both beside their places, and counts what was read and what was written. Rows without
   * scores are looked for only if there are some.
   *
   * @throws IllegalStateException if a row was lost or doubled
   */
  PredictionReport write(Predictions predictions) throws IOException {
    RowCount read = new RowCount();
    long scored = write(predictions.scored(read), output.fresh(), partitionBy);
    long rows = read.rows();
    long quarantined =
        scored == rows
            ? 0
            : write(predictions.refused(read.hasUndefined()), quarantine.fresh(), List.of());
    return new PredictionReport(rows, scored, quarantined);
  }

  /**
   * Moves what was written into its places.
   *
   * @param written what it is
   */
  void publish(PredictionReport written) throws IOException {
    if (written.quarantined() > 0) {
      quarantine.publish();
    }
    output.publish();
    if (written.quarantined() == 0) {
      quarantine.remove();
    }
  }

  @Override
  public void close() throws IOException {
    output.close();
    quarantine.close();
  }

  private static long write(Dataset<Row> rows, Path path, List<String> partitionBy) {
    rows.write().partitionBy(partitionBy.toArray(String[]::new)).parquet(path.toString());
    return rows.sparkSession().read().schema(rows.schema()).parquet(path.toString()).count();
  }
}
