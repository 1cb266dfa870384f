package io.lepton.jobs;

import io.lepton.spark.HadoopSettings;
import io.lepton.spark.ModelBundle;
import io.lepton.spark.config.JobConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The data that a training reads and the bundle that it writes. */
final class TrainingPaths {
  private TrainingPaths() {}

  /** What is missing or in the way: a sentence for each path. */
  static List<String> problems(JobConfiguration job) throws IOException {
    List<String> problems = new ArrayList<>(DataPaths.problems(job));
    ModelBundle.conflict(job.output().model(), job.output().overwrite(), HadoopSettings.current())
        .ifPresent(problem -> problems.add("output.model: " + problem));
    return problems;
  }
}
