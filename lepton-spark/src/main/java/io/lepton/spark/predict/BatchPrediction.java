package io.lepton.spark.predict;

import io.lepton.spark.WholeDirectory;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Scores files into a directory of Parquet files, which is there as a whole in the end or not at
 * all. Rows that cannot be scored go to another one with the reason.
 *
 * @param input to score
 * @param output path of any Hadoop file system
 * @param quarantine path of rows that cannot be scored; nothing is there if there are none
 * @param partitionBy columns to lay the output out by; empty for those of the input
 * @param overwrite whether what is at the paths is replaced; else it is refused
 */
public record BatchPrediction(
    InputTable input,
    String output,
    String quarantine,
    Optional<List<String>> partitionBy,
    boolean overwrite) {

  /**
   * Looks whether the paths are free and apart.
   *
   * @throws SchemaException naming those that are not
   */
  public void check(Configuration hadoop) throws IOException {
    List<String> paths = List.of(input.path(), output, quarantine);
    List<String> problems = new ArrayList<>(PathsApart.problems(paths, hadoop));
    for (int i = 1; i < paths.size(); i++) {
      Path path = new Path(paths.get(i));
      if (!overwrite && path.getFileSystem(hadoop).exists(path)) {
        problems.add(
            "%s must not exist, but does; choose another path, or say --overwrite".formatted(path));
      }
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }

  /**
   * Does it.
   *
   * @throws SchemaException if the rows lack columns
   * @throws IOException if it cannot be written; what was at the output is there still then
   */
  public PredictionReport run(LeptonModel model, SparkSession spark) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    for (String path : List.of(output, quarantine)) {
      WholeDirectory.at(new Path(path), hadoop).leftovers().sweep();
    }
    check(hadoop);
    Dataset<Row> rows =
        partitionBy.isPresent() ? input.read(spark, model) : input.readAsLaidOut(spark, model);
    List<String> columns = partitionBy.orElseGet(() -> PartitionColumns.of(rows));
    List<String> missing =
        columns.stream()
            .filter(column -> !Arrays.asList(rows.columns()).contains(column))
            .map("there is no column '%s' to partition by"::formatted)
            .toList();
    if (!missing.isEmpty()) {
      throw new SchemaException(missing);
    }
    Predictions predictions = Predictions.of(model, rows, Instant.now(), Optional.empty());
    try (Delivery delivery =
        new Delivery(
            WholeDirectory.at(new Path(output), hadoop),
            WholeDirectory.at(new Path(quarantine), hadoop),
            columns)) {
      PredictionReport report = delivery.write(predictions);
      delivery.publish(report);
      return report;
    }
  }
}
