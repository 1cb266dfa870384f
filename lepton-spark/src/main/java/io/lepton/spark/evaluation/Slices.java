package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;

import io.lepton.spark.Columns;
import io.lepton.spark.ingest.DataException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * The groups that are evaluated: all rows, then those of each value of each slice column.
 *
 * @param names of the groups, sorted within a column
 * @param groups column of the groups that a row is in, an array of their places in {@code names}
 */
record Slices(List<Name> names, Column groups) {
  private static final int MOST = 100;

  /** A column and one of its values; both empty for all rows. */
  record Name(String column, String value) {
    static final Name ALL = new Name("", "");
  }

  static Slices of(Dataset<Row> scored, List<String> columns) {
    List<Name> names = new ArrayList<>(List.of(Name.ALL));
    List<Column> groups = new ArrayList<>(List.of(lit(0)));
    for (String column : columns) {
      Column value = coalesce(Columns.named(column).cast(DataTypes.StringType), lit("null"));
      List<Column> places = new ArrayList<>();
      for (String found : values(scored, column, value)) {
        places.add(lit(found));
        places.add(lit(names.size()));
        names.add(new Name(column, found));
      }
      groups.add(element_at(map(places.toArray(Column[]::new)), value));
    }
    return new Slices(names, array(groups.toArray(Column[]::new)));
  }

  int size() {
    return names.size();
  }

  private static List<String> values(Dataset<Row> scored, String column, Column value) {
    List<String> values =
        scored.select(value.as("value")).distinct().limit(MOST + 1).collectAsList().stream()
            .map(row -> row.getString(0))
            .sorted()
            .toList();
    if (values.size() > MOST) {
      throw new DataException(
          "%s must have at most %d values to slice by, but has more; slice by a coarser column"
              .formatted(column, MOST));
    }
    return values;
  }
}
