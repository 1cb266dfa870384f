package io.lepton.spark.predict;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_millis;
import static org.apache.spark.sql.functions.when;

import io.lepton.spark.Columns;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /** What columns begin with that are not the rows' own and not written. */
  static final String HIDDEN = "_lepton_";

  /** What a column begins with that gives another its values in the names of directories. */
  static final String DIRECTORY = HIDDEN + "directory_";

  private static final String REASON = "reason";
  private static final String NAME = "model_name";
  private static final String VERSION = "model_version";
  private static final String TIME = "scored_at";

  private final List<String> own;
  private final Dataset<Row> all;
  private final Dataset<Row> judged;
  private final Column reason;
  private final List<Column> origin;
  private boolean kept;

  private Predictions(
      List<String> own,
      Dataset<Row> all,
      Dataset<Row> judged,
      Optional<Column> beforehand,
      List<Column> origin) {
    this.own = own;
    this.all = all;
    this.judged = judged;
    this.origin = origin;
    List<Column> reasons = new ArrayList<>();
    if (own.contains(InputTable.CORRUPT)) {
      reasons.add(
          when(
              Columns.named(InputTable.CORRUPT).isNotNull(),
              lit("the text must be a row of the schema, but is not")));
    }
    beforehand.ifPresent(reasons::add);
    reasons.add(col(REASON));
    this.reason = coalesce(reasons.toArray(Column[]::new));
  }

  /**
   * Those on some rows; nothing is computed yet.
   *
   * @param beforehand why rows are refused whatever the model says of them, null where they are not
   * @throws SchemaException if the rows lack columns of the model, or have some that are added
   */
  static Predictions of(
      LeptonModel model, Dataset<Row> rows, Instant time, Optional<Column> beforehand) {
    List<String> own = Arrays.stream(rows.columns()).filter(it -> !it.startsWith(HIDDEN)).toList();
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
    LeptonModel judging = keeping.copy(new ParamMap());
    judging.set(judging.probabilityCol(), "");
    judging.set(judging.predictionCol(), "");
    return new Predictions(
        own,
        keeping.transform(rows),
        judging.transform(rows),
        beforehand,
        List.of(
            lit(model.bundle().name()).as(NAME),
            lit(model.bundle().sha256()).as(VERSION),
            lit(time).as(TIME)));
  }

  /** Has each row computed only once from now on, until {@link #forget}. */
  void keep() {
    all.persist(StorageLevel.MEMORY_AND_DISK());
    kept = true;
  }

  void forget() {
    all.unpersist();
    kept = false;
  }

  /**
   * How old rows are.
   *
   * @param since when each began; rows without such a time are left out
   * @return rows by milliseconds until now
   */
  Map<Long, Long> ages(Column since, Instant now) {
    Map<Long, Long> rows = new HashMap<>();
    all.groupBy(lit(now.toEpochMilli()).minus(unix_millis(since)).as("age"))
        .agg(count(lit(1)))
        .filter(col("age").isNotNull())
        .collectAsList()
        .forEach(row -> rows.put(row.getLong(0), row.getLong(1)));
    return rows;
  }

  /**
   * Rows that have scores.
   *
   * @param read counts all rows there are, when these are read
   */
  Dataset<Row> scored(RowCount read) {
    List<String> named = Arrays.asList(all.columns());
    List<Column> columns = new ArrayList<>();
    for (StructField field : all.schema().fields()) {
      String name = field.name();
      boolean added = !own.contains(name);
      boolean hidden = name.startsWith(HIDDEN) || name.equals(REASON);
      if (!hidden && !name.equals(InputTable.CORRUPT)) {
        columns.add(
            added && field.dataType().equals(SQLDataTypes.VectorType())
                ? vector_to_array(Columns.named(name), "float64").as(name)
                : Columns.named(named.contains(DIRECTORY + name) ? DIRECTORY + name : name)
                    .as(name));
      }
    }
    columns.addAll(origin);
    return read.of(all, col(REASON).equalTo(LeptonModel.UNDEFINED))
        .filter(reason.isNull())
        .select(columns.toArray(Column[]::new));
  }

  /**
   * The others as they came, with the reason.
   *
   * @param undefined whether the model is at fault of some, and must score to tell of which
   */
  Dataset<Row> refused(boolean undefined) {
    List<Column> columns = new ArrayList<>(own.stream().map(Columns::named).toList());
    columns.add(reason.as(REASON));
    columns.addAll(origin);
    return (kept || undefined ? all : judged)
        .filter(reason.isNotNull())
        .select(columns.toArray(Column[]::new));
  }
}
