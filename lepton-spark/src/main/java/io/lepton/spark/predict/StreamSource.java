package io.lepton.spark.predict;

import io.lepton.spark.ml.LeptonModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Where a stream's rows come from. */
public sealed interface StreamSource permits FileStream, KafkaStream {
  /** Column of when a row came, a timestamp. */
  String ARRIVAL = Predictions.HIDDEN + "arrived_at";

  /**
   * The rows as they come, and when each did in {@value #ARRIVAL}.
   *
   * @param model whose columns are looked at where the rows do not tell their own
   */
  Dataset<Row> rows(SparkSession spark, LeptonModel model);
}
