package io.lepton.spark.predict;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Records of a topic of Kafka, their values objects in JSON, from the earliest on. Behind the
 * columns of the values come {@code kafka_key} as text, {@code kafka_partition}, {@code
 * kafka_offset} and {@code kafka_time}. Spark's Kafka source must be on the class path.
 *
 * @param servers host:port of some brokers, with commas between them
 * @param topic to read
 * @param schema of the values
 * @param recordsPerBatch of a batch, at most
 */
public record KafkaStream(String servers, String topic, StructType schema, long recordsPerBatch)
    implements StreamSource {
  private static final Map<String, Column> ORIGIN =
      Map.of(
          "kafka_key", col("key").cast(DataTypes.StringType),
          "kafka_partition", col("partition"),
          "kafka_offset", col("offset"),
          "kafka_time", col("timestamp"));

  public KafkaStream {
    List<String> taken = ORIGIN.keySet().stream().filter(named(schema)::contains).sorted().toList();
    if (!taken.isEmpty()) {
      throw new SchemaException(
          taken.stream()
              .map(
                  "column '%s' must not be in the schema, as that of the record goes by this name; rename it"
                      ::formatted)
              .toList());
    }
  }

  @Override
  public Dataset<Row> rows(SparkSession spark, LeptonModel model) {
    try {
      return parsed(
          spark
              .readStream()
              .format("kafka")
              .option("kafka.bootstrap.servers", servers)
              .option("subscribe", topic)
              .option("startingOffsets", "earliest")
              .option("maxOffsetsPerTrigger", recordsPerBatch)
              .load());
    } catch (Exception e) {
      if (!(e instanceof AnalysisException)) {
        throw e;
      }
      throw new SchemaException(
          List.of(
              "Spark's Kafka source must be on the class path, but is not; add org.apache.spark:spark-sql-kafka-0-10_2.13:%s by spark-submit --packages or LEPTON_PACKAGES"
                  .formatted(spark.version())));
    }
  }

  /** Rows of records; what is no object in JSON of the schema, or nothing, is kept as text. */
  Dataset<Row> parsed(Dataset<Row> records) {
    Map<String, String> options =
        Map.of("mode", "PERMISSIVE", "columnNameOfCorruptRecord", InputTable.CORRUPT);
    Column text = coalesce(col("value").cast(DataTypes.StringType), lit(""));
    Column row = col("row");
    List<Column> columns = new ArrayList<>();
    for (String name : schema.fieldNames()) {
      columns.add(row.getField(name).as(name));
    }
    columns.add(
        when(row.isNull(), text)
            .otherwise(row.getField(InputTable.CORRUPT))
            .as(InputTable.CORRUPT));
    ORIGIN.keySet().stream().sorted().forEach(name -> columns.add(ORIGIN.get(name).as(name)));
    columns.add(col("timestamp").as(ARRIVAL));
    return records
        .withColumn("row", from_json(text, InputTable.withCorrupt(schema), options))
        .select(columns.toArray(Column[]::new));
  }

  /**
   * Whether a stream ended though nothing is wrong with it: having repeated the batch that was
   * under way when its process died, and committed it, Spark 4.1 counts the records that are left
   * without having asked how many there are, which is SPARK-55271 and not mended in 4.1.1. Started
   * again, it goes on, as there is no batch left to repeat.
   */
  static boolean isLostForMetrics(Throwable end) {
    for (Throwable cause = end; cause != null; cause = cause.getCause()) {
      if (cause instanceof NullPointerException
          && Arrays.stream(cause.getStackTrace()).limit(2).anyMatch(KafkaStream::countsRecords)) {
        return true;
      }
    }
    return false;
  }

  private static boolean countsRecords(StackTraceElement frame) {
    return frame.getClassName().startsWith("org.apache.spark.sql.kafka010.KafkaMicroBatchStream")
        && frame.getMethodName().equals("metrics");
  }

  private static List<String> named(StructType schema) {
    return Arrays.asList(schema.fieldNames());
  }
}
