package io.lepton.spark.predict;

import io.lepton.spark.ml.LeptonModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Files that come into a directory, each whole when it comes, the oldest first.
 *
 * @param table the directory; its files tell the schema if it does not, so one must be there then
 * @param filesPerBatch files of a batch, at most
 */
public record FileStream(InputTable table, int filesPerBatch) implements StreamSource {
  @Override
  public Dataset<Row> rows(SparkSession spark, LeptonModel model) {
    return table.stream(spark, model, filesPerBatch);
  }
}
