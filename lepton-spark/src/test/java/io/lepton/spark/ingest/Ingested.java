package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lepton.spark.LeptonSpark;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A table taken through ingest twice, as columnar batches of a file and as rows, which must come to
 * the same. Its column {@value #ROW}, the label, numbers the rows from 0.
 */
final class Ingested {
  static final String ROW = "row";

  private final Dataset<Row> file;
  private final DataSpec spec;

  private Ingested(Dataset<Row> file, DataSpec spec) {
    this.file = file;
    this.spec = spec;
  }

  /** A table out of rows, to be taken in as some inputs. */
  static Ingested of(
      SparkSession spark, Path directory, StructType schema, List<Row> rows, InputSpec... inputs) {
    return of(directory, spark.createDataFrame(rows, schema).coalesce(1), inputs);
  }

  static Ingested of(Path directory, Dataset<Row> data, InputSpec... inputs) {
    String path = directory.resolve(UUID.randomUUID() + ".parquet").toString();
    data.write().parquet(path);
    Dataset<Row> file = LeptonSpark.read(data.sparkSession(), "parquet", path, 2);
    return new Ingested(file, new DataSpec(List.of(inputs), new LabelSpec(ROW, 0), null));
  }

  /** A schema of one column and the row numbers. */
  static StructType schema(String column, org.apache.spark.sql.types.DataType type) {
    return new StructType().add(ROW, DataTypes.IntegerType, false).add(column, type);
  }

  /** The binding, fitted. */
  DataBinding binding() {
    DataBinding binding = DataBinding.bind(spec, file.schema());
    return binding.fitted(Fitter.whole("the data", file, binding));
  }

  /** What is stored of each row that is not left out, in their order. */
  List<String> rows() {
    List<String> columnar = rows(file, true);
    assertThat(rows(file.filter(ROW + " >= 0"), false)).isEqualTo(columnar);
    return columnar;
  }

  /** What is wrong with the rows. */
  List<Defect> defects() {
    List<Defect> columnar = defects(file);
    assertThat(defects(file.filter(ROW + " >= 0"))).isEqualTo(columnar);
    return columnar;
  }

  private List<String> rows(Dataset<Row> data, boolean columnar) {
    DataBinding binding = binding();
    List<String> rows = new ArrayList<>();
    try (Ingest ingest = Ingest.whole("the data", data, binding, 1, 2, ShardStorage.OF_SPARK)) {
      assertThat(ingest.columnarRows()).isEqualTo(columnar ? ingest.rows() : 0);
      ShardText.of(ingest.training(), binding.columns()).forEach(rows::addAll);
    }
    rows.sort(Comparator.comparingDouble(Ingested::number));
    return rows.stream().map(row -> row.substring(0, row.indexOf(" label="))).toList();
  }

  private static double number(String row) {
    return Double.parseDouble(row.substring(row.indexOf("label=[") + 7, row.length() - 1));
  }

  private List<Defect> defects(Dataset<Row> data) {
    DataBinding binding = binding();
    return catchThrowableOfType(
            DataException.class,
            () -> Ingest.whole("the data", data, binding, 1, 1, ShardStorage.OF_SPARK))
        .defects();
  }
}
