package io.lepton.spark.ml;

import static org.apache.spark.sql.functions.xxhash64;

import io.lepton.spark.Columns;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/** A hash of all columns of a row but maps, which have no order. */
final class RowHash {
  private RowHash() {}

  static Column of(Dataset<Row> rows) {
    return xxhash64(
        Arrays.stream(rows.schema().fields())
            .filter(field -> !(field.dataType() instanceof MapType))
            .map(StructField::name)
            .map(Columns::named)
            .toArray(Column[]::new));
  }
}
