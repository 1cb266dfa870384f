package io.lepton.spark.predict;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import scala.concurrent.Await;

/** How many rows went by while something was made of them. For one action, then done. */
final class RowCount {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Observation seen = new Observation();

  /**
   * The same rows, counted by the action that reads them.
   *
   * @param undefined whether the model gives no number for a row
   */
  Dataset<Row> of(Dataset<Row> rows, Column undefined) {
    return rows.observe(seen, count(lit(1)).as("rows"), count_if(undefined).as("undefined"));
  }

  /** How many there were; the action must have ended well. */
  long rows() {
    return counts().getLong(0);
  }

  /** Whether the model gave no number for some; the action must have ended well. */
  boolean hasUndefined() {
    return counts().getLong(1) > 0;
  }

  private Row counts() {
    try {
      return Await.result(
          seen.future(), scala.concurrent.duration.Duration.fromNanos(PATIENCE.toNanos()));
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Spark must say within %s how many rows it read, but did not".formatted(PATIENCE), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Spark", e);
    }
  }
}
