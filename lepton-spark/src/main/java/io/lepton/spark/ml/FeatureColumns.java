package io.lepton.spark.ml;

import io.lepton.spark.Columns;
import io.lepton.spark.ingest.SchemaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** What params need to know of columns: how wide vectors are and how many classes there are. */
final class FeatureColumns {
  private static final int FEWEST_CLASSES = 2;

  private final StructType schema;
  private final Optional<Dataset<Row>> data;
  private final List<String> problems = new ArrayList<>();

  private FeatureColumns(StructType schema, Optional<Dataset<Row>> data) {
    this.schema = schema;
    this.data = data;
  }

  static FeatureColumns of(StructType schema) {
    return new FeatureColumns(schema, Optional.empty());
  }

  static FeatureColumns of(Dataset<Row> data) {
    return new FeatureColumns(data.schema(), Optional.of(data));
  }

  /** Notes whether a column is missing. */
  void require(String column) {
    if (!isThere(column)) {
      problems.add(
          "there is no column '%s', of: %s"
              .formatted(column, String.join(", ", schema.fieldNames())));
    }
  }

  /** Notes whether a column is missing or is no flag. */
  void requireFlag(String column) {
    require(column);
    if (isThere(column) && !schema.apply(column).dataType().equals(DataTypes.BooleanType)) {
      problems.add(
          "column '%s' must be boolean to tell which rows to validate on, but is %s; compare it with something"
              .formatted(column, schema.apply(column).dataType().simpleString()));
    }
  }

  /**
   * Ends the search.
   *
   * @throws SchemaException if columns are missing or of a type that does not fit
   */
  void requireColumns() {
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }

  /** What the rows are called. */
  String name() {
    return "(a DataFrame)";
  }

  /** The same with their number and a sum of their hashes, which other rows hardly share. */
  String identity() {
    return data.map(
            rows ->
                rows.agg(
                        functions.count(functions.lit(1)),
                        functions.sum(Columns.hash(rows).cast("decimal(20,0)")))
                    .first())
        .map(sums -> "(a DataFrame of %d rows, %s)".formatted(sums.getLong(0), sums.get(1)))
        .orElseGet(this::name);
  }

  /** Elements of the vectors or arrays of a column, as far as they can be known. */
  Optional<Integer> width(String column) {
    if (!isThere(column)) {
      return Optional.empty();
    }
    DataType type = schema.apply(column).dataType();
    if (type.equals(SQLDataTypes.VectorType())) {
      int size = AttributeGroup.fromStructField(schema.apply(column)).size();
      return size > 0 ? Optional.of(size) : first(column).map(row -> ((Vector) row.get(0)).size());
    }
    return type instanceof ArrayType
        ? first(column).map(row -> row.getList(0).size())
        : Optional.empty();
  }

  /** One more than the largest class number of a column; two before the data is there, or none. */
  int classes(String column) {
    if (isThere(column) && !areNumbers(schema.apply(column).dataType())) {
      problems.add(
          "column '%s' must be a class number for classes to be counted, but was: %s; say how many there are (classes)"
              .formatted(column, schema.apply(column).dataType().simpleString()));
      return FEWEST_CLASSES;
    }
    if (data.isEmpty() || !isThere(column)) {
      return FEWEST_CLASSES;
    }
    Row largest = data.get().agg(functions.max(Columns.named(column).cast("double"))).first();
    return largest.isNullAt(0)
        ? FEWEST_CLASSES
        : Math.max(FEWEST_CLASSES, (int) largest.getDouble(0) + 1);
  }

  /** Distinct values of a column, nulls not counted; one before the data is there. */
  int categories(String column) {
    if (data.isEmpty() || !isThere(column)) {
      return 1;
    }
    long distinct =
        data.get().agg(functions.count_distinct(Columns.named(column))).first().getLong(0);
    return Math.toIntExact(Math.max(1, distinct));
  }

  private static boolean areNumbers(DataType type) {
    return type instanceof NumericType || type instanceof BooleanType || type instanceof NullType;
  }

  private boolean isThere(String column) {
    return Arrays.asList(schema.fieldNames()).contains(column);
  }

  private Optional<Row> first(String column) {
    return data.flatMap(
        rows ->
            rows
                .select(Columns.named(column))
                .filter(Columns.named(column).isNotNull())
                .takeAsList(1)
                .stream()
                .findFirst());
  }
}
