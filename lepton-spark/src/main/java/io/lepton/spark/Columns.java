package io.lepton.spark;

import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/** Columns of a DataFrame. */
public final class Columns {
  private Columns() {}

  /** The one of that very name, dots and all. */
  public static Column named(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /** A hash of all columns of a row but maps, which have no order. */
  public static Column hash(Dataset<Row> rows) {
    return functions.xxhash64(
        Arrays.stream(rows.schema().fields())
            .filter(field -> !(field.dataType() instanceof MapType))
            .map(StructField::name)
            .map(Columns::named)
            .toArray(Column[]::new));
  }
}
