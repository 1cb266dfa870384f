package io.lepton.spark.predict;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.storage.StorageLevel;

/**
 * What a model says of rows, and of which rows it can say nothing. Behind the rows' own columns are
 * those of the model, vectors as arrays, then its name, its version and the time.
 */
final class Predictions {
  private static final String REASON = "reason";
  private static final String NAME = "model_name";
  private static final String VERSION = "model_version";
  private static final String TIME = "scored_at";

  private final List<String> own;
  private final Dataset<Row> all;
  private final Column reason;
  private final List<Column> origin;

  private Predictions(List<String> own, Dataset<Row> all, List<Column> origin) {
    this.own = own;
    this.all = all;
    this.origin = origin;
    this.reason =
        own.contains(InputTable.CORRUPT)
            ? when(
                    column(InputTable.CORRUPT).isNotNull(),
                    lit("the text must be a row of the schema, but is not"))
                .otherwise(col(REASON))
            : col(REASON);
  }

  /**
   * Those on some rows; nothing is computed yet.
   *
   * @throws SchemaException if the rows lack columns of the model, or have some that are added
   */
  static Predictions of(LeptonModel model, Dataset<Row> rows, Instant time) {
    List<String> own = Arrays.asList(rows.columns());
    List<String> taken =
        Stream.of(REASON, NAME, VERSION, TIME)
            .filter(own::contains)
            .map(
                "column '%s' must not be there before it is added, but is; give it another name"
                    ::formatted)
            .toList();
    if (!taken.isEmpty()) {
      throw new SchemaException(taken);
    }
    LeptonModel keeping = model.copy(new ParamMap());
    keeping.set(keeping.handleInvalid(), "keep");
    keeping.set(keeping.reasonCol(), REASON);
    keeping.set(keeping.rawPredictionCol(), "");
    return new Predictions(
        own,
        keeping.transform(rows),
        List.of(
            lit(model.bundle().name()).as(NAME),
            lit(model.bundle().sha256()).as(VERSION),
            lit(time).as(TIME)));
  }

  /** Computes each row only once from now on, until {@link #forget}; counts them. */
  long keep() {
    return all.persist(StorageLevel.MEMORY_AND_DISK()).count();
  }

  void forget() {
    all.unpersist();
  }

  /** Rows that have scores. */
  Dataset<Row> scored() {
    List<Column> columns = new ArrayList<>();
    for (StructField field : all.schema().fields()) {
      String name = field.name();
      boolean added = !own.contains(name);
      if (!name.equals(REASON) && !name.equals(InputTable.CORRUPT)) {
        columns.add(
            added && field.dataType().equals(SQLDataTypes.VectorType())
                ? vector_to_array(column(name), "float64").as(name)
                : column(name));
      }
    }
    columns.addAll(origin);
    return all.filter(reason.isNull()).select(columns.toArray(Column[]::new));
  }

  /** The others as they came, with the reason. */
  Dataset<Row> refused() {
    List<Column> columns = new ArrayList<>(own.stream().map(Predictions::column).toList());
    columns.add(reason.as(REASON));
    columns.addAll(origin);
    return all.filter(reason.isNotNull()).select(columns.toArray(Column[]::new));
  }

  static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
