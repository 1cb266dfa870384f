package io.lepton.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Loads a pipeline in a process of its own and writes down what it scores. */
final class ScoreSaved {
  private ScoreSaved() {}

  /** Takes where the pipeline, the data and the scores are. */
  public static void main(String[] arguments) throws IOException {
    try (SparkSession spark = RealData.spark()) {
      write(
          PipelineModel.load(arguments[0]),
          spark.read().parquet(arguments[1]),
          Path.of(arguments[2]));
    }
  }

  static void write(PipelineModel pipeline, Dataset<Row> data, Path file) throws IOException {
    List<String> rows =
        pipeline
            .transform(data)
            .select("rawPrediction", "probability", "prediction")
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList();
    Files.write(file, rows);
  }
}
