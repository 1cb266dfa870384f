package io.lepton.spark.evaluation;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.lepton.spark.Columns;
import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.SchemaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

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

  /** Where a row stands: its partition above so many bits, its place in the partition below. */
  private static final int PLACE_BITS = 33;

  private static final String PLACE = "place of the row";

  private Examples() {}

  /**
   * A rule each row must keep.
   *
   * @param broken whether a row breaks it, or null
   * @param value that breaks it, to be told of the first such row
   */
  record Check(String rule, Column broken, Column value) {
    /** A rule of each element of an array. */
    static Check ofEach(String rule, Column array, UnaryOperator<Column> broken) {
      return new Check(
          rule, exists(array, broken::apply), get(filter(array, broken::apply), lit(0)));
    }
  }

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
                        weight.isNull().or(isnan(weight)).or(weight.lt(0)).or(infinite(weight)),
                        weight)));
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

  static Column number(String name) {
    return Columns.named(name).cast(DataTypes.DoubleType);
  }

  /** How many elements two arrays have, in words. */
  static Column sizes(Column one, Column other) {
    return concat_ws(" and ", size(one), size(other));
  }

  static Column infinite(Column number) {
    return abs(number).equalTo(lit(Double.POSITIVE_INFINITY));
  }

  static Column notFinite(Column number) {
    return coalesce(isnan(number).or(infinite(number)), lit(true));
  }

  private static void check(Dataset<Row> scored, List<Check> checks) {
    List<Column> found = new ArrayList<>();
    found.add(count(lit(1)));
    for (Check check : checks) {
      Column broken = coalesce(check.broken(), lit(true));
      Column value = coalesce(check.value().cast(DataTypes.StringType), lit("null"));
      found.add(count_if(broken));
      found.add(min(when(broken, struct(col(PLACE), value))));
    }
    Row counts =
        scored
            .withColumn(PLACE, monotonically_increasing_id())
            .agg(found.get(0), found.stream().skip(1).toArray(Column[]::new))
            .head();
    long rows = counts.getLong(0);
    if (rows == 0) {
      throw new DataException("rows to evaluate must be at least one, but there are none");
    }
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      long broken = counts.getLong(2 * i + 1);
      if (broken > 0) {
        problems.add(problem(checks.get(i).rule(), broken, rows, counts.getStruct(2 * i + 2)));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(String.join("\n", problems));
    }
  }

  private static String problem(String rule, long broken, long rows, Row first) {
    long place = first.getLong(0);
    return "%s, but %,d of %,d rows break that, first row %d of partition %d with %s"
        .formatted(
            rule,
            broken,
            rows,
            place & ((1L << PLACE_BITS) - 1),
            place >>> PLACE_BITS,
            first.getString(1));
  }

  /** Rows that are alike in all columns are one and the same to the bootstrap. */
  private static Column identity(Dataset<Row> scored, EvaluationOptions options) {
    return options
        .row()
        .map(name -> xxhash64(Columns.named(name)))
        .orElseGet(() -> Columns.hash(scored));
  }
}
