package io.lepton.jobs;

import io.lepton.spark.config.ClusterSection;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.spark.config.ScoringConfiguration;
import io.lepton.spark.config.StreamSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * A trained model that a command is told of, by a configuration or by its own path.
 *
 * @param path of the bundle
 * @param name of what is done with it
 * @param cluster that does it
 * @param stream that it does it with, if it does
 * @param effective configuration
 */
record NamedModel(
    String path, String name, ClusterSection cluster, StreamSection stream, String effective) {
  /** What is done with it. */
  interface Work {
    /** Does it; gives fields of the result. */
    Map<String, Object> run(String model, SparkSession spark) throws IOException;
  }

  /**
   * The model at a path, or else that of a configuration.
   *
   * @param file of the configuration; empty for none, overrides may set the cluster and the stream
   */
  static NamedModel of(Optional<Path> file, List<String> sets, Optional<String> path) {
    if (file.isEmpty()) {
      ScoringConfiguration scoring = ScoringConfiguration.load(sets);
      return new NamedModel(
          path.orElseThrow(), "predict", scoring.cluster(), scoring.stream(), scoring.effective());
    }
    JobConfiguration job = JobConfiguration.load(file.get(), sets);
    return new NamedModel(
        path.orElse(job.output().model()),
        job.name(),
        job.cluster(),
        job.stream(),
        job.effective());
  }

  JobRun.Task task(Work work) {
    return new JobRun.Task(name, cluster, effective, (spark, directory) -> work.run(path, spark));
  }
}
