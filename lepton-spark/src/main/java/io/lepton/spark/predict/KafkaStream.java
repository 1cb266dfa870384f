package io.lepton.spark.predict;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;

import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Records of a topic of Kafka, their values objects in JSON, from the earliest on. Spark's Kafka
 * source must be on the class path.
 *
 * @param servers host:port of some brokers, with commas between them
 * @param topic to read
 * @param schema of the values
 * @param recordsPerBatch of a batch, at most
 */
public record KafkaStream(String servers, String topic, StructType schema, long recordsPerBatch)
    implements StreamSource {
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

  /** Rows of records; what is no JSON of the schema is kept as text. */
  Dataset<Row> parsed(Dataset<Row> records) {
    StructType whole = InputTable.withCorrupt(schema);
    Map<String, String> options =
        Map.of("mode", "PERMISSIVE", "columnNameOfCorruptRecord", InputTable.CORRUPT);
    return records
        .select(from_json(col("value").cast(DataTypes.StringType), whole, options).as("row"))
        .select("row.*");
  }
}
