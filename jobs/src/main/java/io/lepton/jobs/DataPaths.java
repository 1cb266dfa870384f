package io.lepton.jobs;

import io.lepton.spark.HadoopSettings;
import io.lepton.spark.LeptonSpark;
import io.lepton.spark.config.DataSection;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.spark.ingest.SchemaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The data a job names. */
final class DataPaths {
  private DataPaths() {}

  /** What is missing of the data of a job: a sentence for each path. */
  static List<String> problems(JobConfiguration job) throws IOException {
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("data.train", job.data().train());
    job.data().validation().ifPresent(path -> paths.put("data.validation", path));
    job.data().test().ifPresent(path -> paths.put("data.test", path));
    return problems(paths);
  }

  /**
   * Looks whether paths are there, before any cluster time is spent.
   *
   * @param paths by the names of their settings
   * @throws SchemaException naming each one that is missing
   */
  static void check(Map<String, String> paths) throws IOException {
    List<String> problems = problems(paths);
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
  }

  static Dataset<Row> training(JobConfiguration job, SparkSession spark) {
    return read(job, spark, job.data().train());
  }

  /** Null when a share of the training set is held out instead. */
  static Dataset<Row> validation(JobConfiguration job, SparkSession spark) {
    return job.data().validation().map(path -> read(job, spark, path)).orElse(null);
  }

  /** Null when there is none. */
  static Dataset<Row> test(JobConfiguration job, SparkSession spark) {
    return job.data().test().map(path -> read(job, spark, path)).orElse(null);
  }

  static Dataset<Row> read(JobConfiguration job, SparkSession spark, String path) {
    DataSection data = job.data();
    return LeptonSpark.read(
        spark, data.formatOf(path), path, Math.max(1, job.averaging().replicas()));
  }

  private static List<String> problems(Map<String, String> paths) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, String> named : paths.entrySet()) {
      Path path = new Path(named.getValue());
      FileSystem files = path.getFileSystem(HadoopSettings.current());
      FileStatus[] found = files.globStatus(path);
      if (found == null || found.length == 0) {
        problems.add(
            "%s must name data that exists, but there is nothing at %s; correct the path"
                .formatted(named.getKey(), files.makeQualified(path)));
      }
    }
    return problems;
  }
}
