package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.SchemaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/**
 * Scored rows in the one layout that sums are taken over: an identity of the row, its weight, the
 * groups it counts in, then what is compared.
 */
final class Examples {
  static final int ROW = 0;
  static final int WEIGHT = 1;
  static final int GROUPS = 2;

  /** First column of what is compared. */
  static final int FIRST = 3;

  private Examples() {}

  /** A rule each row must keep. */
  record Check(String rule, Column broken) {}

  /**
   * Lays rows out, after a look at each.
   *
   * @param compared columns of the tally's, named
   * @throws SchemaException if a column is not there
   * @throws DataException with every rule that rows break
   */
  static Dataset<Row> of(
      Dataset<Row> scored,
      EvaluationOptions options,
      Slices slices,
      List<Column> compared,
      List<Check> checks) {
    Column weight = options.weight().map(it -> number(it)).orElse(lit(1.0));
    List<Check> all = new ArrayList<>(checks);
    options
        .weight()
        .ifPresent(
            name ->
                all.add(
                    new Check(
                        name + " must be a weight from 0 on",
                        weight.isNull().or(isnan(weight)).or(weight.lt(0)).or(infinite(weight)))));
    check(scored, all);
    List<Column> columns = new ArrayList<>();
    columns.add(identity(scored, options).as("row"));
    columns.add(weight.as("weight"));
    columns.add(slices.groups().as("groups"));
    columns.addAll(compared);
    return scored.select(columns.toArray(Column[]::new));
  }

  /** Refuses columns that are not there. */
  static void require(Dataset<Row> scored, EvaluationOptions options, String... compared) {
    List<String> there = Arrays.asList(scored.columns());
    List<String> problems =
        Stream.concat(Arrays.stream(compared), options.columns().stream())
            .filter(column -> !there.contains(column))
            .map(
                column ->
                    "%s must be a column of the scored rows, but they have %s; correct the name"
                        .formatted(column, String.join(", ", there)))
            .toList();
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }

  static DataType type(Dataset<Row> scored, String column) {
    return scored.schema().apply(column).dataType();
  }

  /** A column by its very name, dots and all. */
  static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  static Column number(String name) {
    return column(name).cast(DataTypes.DoubleType);
  }

  static Column infinite(Column number) {
    return abs(number).equalTo(lit(Double.POSITIVE_INFINITY));
  }

  static Column notFinite(Column number) {
    return coalesce(isnan(number).or(infinite(number)), lit(true));
  }

  private static void check(Dataset<Row> scored, List<Check> checks) {
    List<Column> counts = new ArrayList<>();
    counts.add(count(lit(1)));
    checks.forEach(check -> counts.add(count_if(coalesce(check.broken(), lit(true)))));
    Row found = scored.agg(counts.get(0), counts.stream().skip(1).toArray(Column[]::new)).head();
    long rows = found.getLong(0);
    if (rows == 0) {
      throw new DataException("rows to evaluate must be at least one, but there are none");
    }
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      if (found.getLong(i + 1) > 0) {
        problems.add(
            "%s, but %,d of %,d rows break that"
                .formatted(checks.get(i).rule(), found.getLong(i + 1), rows));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(String.join("\n", problems));
    }
  }

  /** Rows that are alike in all columns are one and the same to the bootstrap. */
  private static Column identity(Dataset<Row> scored, EvaluationOptions options) {
    Column[] columns =
        options
            .row()
            .map(name -> new Column[] {column(name)})
            .orElseGet(
                () ->
                    Arrays.stream(scored.schema().fields())
                        .filter(field -> !(field.dataType() instanceof MapType))
                        .map(StructField::name)
                        .map(Examples::column)
                        .toArray(Column[]::new));
    return xxhash64(columns);
  }
}
