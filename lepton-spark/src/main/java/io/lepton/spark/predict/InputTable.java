package io.lepton.spark.predict;

import static org.apache.spark.sql.functions.col;

import io.lepton.spark.Columns;
import io.lepton.spark.data.InputKind;
import io.lepton.spark.ingest.Preprocessing;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Files to be scored. Text that is not of the schema loses no row: its column {@value #CORRUPT}
 * holds it.
 *
 * @param path file, directory or pattern of any Hadoop file system
 * @param format parquet, csv (with a header), json (a line a row) or orc
 * @param schema of the rows; empty if the files tell it
 */
public record InputTable(String path, String format, Optional<StructType> schema) {
  /** Column of text that is not of the schema; null in all other rows. */
  static final String CORRUPT = "_corrupt_record";

  /** Spark passes over files that are so much older than others. */
  private static final String FOR_EVER = "36500d";

  /** Formats that are read. */
  public static final List<String> FORMATS = List.of("parquet", "csv", "json", "orc");

  public InputTable {
    if (!FORMATS.contains(format)) {
      throw new SchemaException(
          List.of(
              "the format must be one of %s, but was: %s"
                  .formatted(String.join(", ", FORMATS), format)));
    }
  }

  /**
   * A schema out of DDL, such as {@code a double, b string}.
   *
   * @throws SchemaException if it is none
   */
  public static StructType schema(String ddl) {
    try {
      return StructType.fromDDL(ddl);
    } catch (Exception e) {
      if (!(e instanceof ParseException)) {
        throw e;
      }
      throw new SchemaException(
          List.of(
              "the schema must be like 'a double, b string', but was: '%s'; correct it"
                  .formatted(ddl)));
    }
  }

  /** The rows; numbers of the model that the files seem to have as text are read as numbers. */
  Dataset<Row> read(SparkSession spark, LeptonModel model) {
    if (!isText()) {
      return schema
          .map(it -> spark.read().schema(it))
          .orElseGet(spark::read)
          .format(format)
          .load(path);
    }
    return spark
        .read()
        .format(format)
        .schema(withCorrupt(schema.orElseGet(() -> inferred(spark, model))))
        .option("header", "true")
        .option("enforceSchema", "false")
        .load(path);
  }

  /**
   * The same; where directories name values that are not text, as {@code day=01} does, a column
   * beginning with {@value Predictions#DIRECTORY} has what they say.
   */
  Dataset<Row> readAsLaidOut(SparkSession spark, LeptonModel model) {
    Dataset<Row> typed = read(spark, model);
    List<StructField> values =
        PartitionColumns.of(typed).stream()
            .map(typed.schema()::apply)
            .filter(it -> !it.dataType().equals(DataTypes.StringType))
            .toList();
    if (values.isEmpty()) {
      return typed;
    }
    StructType asText = new StructType();
    for (StructField field : typed.schema().fields()) {
      DataType type = values.contains(field) ? DataTypes.StringType : field.dataType();
      asText = asText.add(field.name(), type);
    }
    Dataset<Row> rows = new InputTable(path, format, Optional.of(asText)).read(spark, model);
    for (StructField value : values) {
      Column text = Columns.named(value.name());
      rows =
          rows.withColumn(Predictions.DIRECTORY + value.name(), text)
              .withColumn(value.name(), text.cast(value.dataType()));
    }
    return rows;
  }

  /**
   * The rows of files as they come, and when each file was written; those that are there tell the
   * schema if nothing else does.
   */
  Dataset<Row> stream(SparkSession spark, LeptonModel model, int filesPerBatch) {
    StructType known = schema.orElseGet(() -> told(spark, model));
    return spark
        .readStream()
        .format(format)
        .schema(isText() ? withCorrupt(known) : known)
        .option("header", "true")
        .option("enforceSchema", "false")
        .option("maxFilesPerTrigger", filesPerBatch)
        .option("maxFileAge", FOR_EVER)
        .load(path)
        .select(col("*"), col("_metadata.file_modification_time").as(StreamSource.ARRIVAL));
  }

  private StructType told(SparkSession spark, LeptonModel model) {
    try {
      return read(spark, model).schema();
    } catch (Exception e) {
      if (!(e instanceof AnalysisException)) {
        throw e;
      }
      throw new SchemaException(
          List.of(
              "there must be a file in %s that tells the columns, but there is none; give --schema"
                  .formatted(path)));
    }
  }

  private StructType inferred(SparkSession spark, LeptonModel model) {
    return withNumbers(
        spark
            .read()
            .format(format)
            .option("header", "true")
            .option("inferSchema", "true")
            .load(path)
            .schema(),
        model);
  }

  private boolean isText() {
    return format.equals("csv") || format.equals("json");
  }

  static StructType withCorrupt(StructType schema) {
    return Arrays.asList(schema.fieldNames()).contains(CORRUPT)
        ? schema
        : schema.add(CORRUPT, DataTypes.StringType, true);
  }

  private static StructType withNumbers(StructType schema, LeptonModel model) {
    Set<String> numbers =
        Preprocessing.fromJson(model.bundle().preprocessing()).data().inputs().stream()
            .filter(input -> input.kind() instanceof InputKind.Numbers)
            .flatMap(input -> input.columns().stream())
            .collect(Collectors.toSet());
    StructType typed = new StructType();
    for (StructField field : schema.fields()) {
      boolean asText = field.dataType().equals(DataTypes.StringType);
      DataType type =
          asText && numbers.contains(field.name()) ? DataTypes.DoubleType : field.dataType();
      typed = typed.add(field.name(), type, field.nullable(), field.metadata());
    }
    return typed;
  }
}
