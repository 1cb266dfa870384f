package io.lepton.spark.predict;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.lepton.spark.Columns;
import io.lepton.spark.ingest.SchemaException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * When what a row tells of happened, and how late a row may come: a batch refuses rows older than
 * the latest of earlier batches less the lateness, which is Spark's watermark. Times of the future
 * move it no further than to now, rows without a time do not.
 *
 * @param column of the time
 * @param lateness that is allowed
 */
public record EventTime(String column, Duration lateness) {
  private static final String WATCHED = "_event_time";

  /** Rows whose times Spark's watermark follows. */
  Dataset<Row> watched(Dataset<Row> rows) {
    Column now = current_timestamp();
    return rows.withColumn(WATCHED, when(time().gt(now), now).otherwise(time()))
        .withWatermark(WATCHED, lateness.toMillis() + " milliseconds")
        .drop(WATCHED);
  }

  /**
   * Looks whether the column is there.
   *
   * @throws SchemaException if not, or if it is no time
   */
  void check(StructType rows) {
    List<String> columns = List.of(rows.fieldNames());
    String found =
        columns.contains(column)
            ? rows.apply(column).dataType().simpleString()
            : "is not among %s".formatted(String.join(", ", columns));
    if (!found.equals(DataTypes.TimestampType.simpleString())) {
      throw new SchemaException(
          List.of(
              "stream.event-time.column must be a timestamp of the rows, but '%s' %s; name another one, or give --schema"
                  .formatted(column, columns.contains(column) ? "is " + found : found)));
    }
  }

  /**
   * Why a row has no place in a batch; null if it has.
   *
   * @param watermark of the batch; empty for none
   */
  Column refusal(Optional<Instant> watermark) {
    Column missing =
        when(time().isNull(), lit("column '%s' must be a time, but is null".formatted(column)));
    return watermark.map(least -> missing.when(time().lt(lit(least)), late(least))).orElse(missing);
  }

  private Column late(Instant least) {
    return concat(
        lit("column '%s' must be at the watermark, ".formatted(column)),
        lit(least).cast(DataTypes.StringType),
        lit(", or later, but was "),
        time().cast(DataTypes.StringType));
  }

  Column time() {
    return Columns.named(column);
  }
}
