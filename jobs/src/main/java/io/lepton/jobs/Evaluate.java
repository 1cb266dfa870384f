package io.lepton.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.lepton.jobs.pictures.EvaluationPictures;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.spark.evaluation.EvaluationReport;
import io.lepton.spark.ingest.SchemaException;
import io.lepton.spark.ml.LeptonModel;
import io.lepton.spark.ml.ModelEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * Evaluates a bundle, and leaves numbers, a table and pictures in the run directory.
 *
 * @param model its path; empty for the job's
 * @param data path of the rows; empty for the job's test set, or else its validation set
 */
record Evaluate(Optional<String> model, Optional<String> data) implements JobRun.Work {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Override
  public void check(JobConfiguration job) throws IOException {
    DataPaths.check(Map.of(data.isPresent() ? "--data" : "data", data(job)));
  }

  @Override
  public Map<String, Object> run(JobConfiguration job, SparkSession spark, Path runDirectory)
      throws IOException {
    String path = model.orElse(job.output().model());
    LeptonModel opened = Models.open(spark, path);
    Map<String, EvaluationReport> reports =
        new ModelEvaluation(job.evaluation(), job.dataSpec())
            .evaluate(opened, DataPaths.read(job, spark, data(job)));
    Map<String, Object> fields = new LinkedHashMap<>(Models.fields(path, opened));
    fields.put("data", data(job));
    fields.put("rows", reports.values().iterator().next().all().rows());
    fields.put("metrics", only(reports, Evaluate::metrics));
    Map<String, Object> all = new LinkedHashMap<>(fields);
    all.put("evaluation", only(reports, EvaluationReport::fields));
    Path json = runDirectory.resolve("evaluation.json");
    JSON.writeValue(json.toFile(), all);
    List<String> lines = lines(reports);
    lines.forEach(System.err::println);
    Path table = Files.write(runDirectory.resolve("evaluation.txt"), lines);
    fields.put("evaluation", json.toString());
    fields.put("table", table.toString());
    fields.put("pictures", pictures(reports, runDirectory.resolve("pictures")));
    return fields;
  }

  private String data(JobConfiguration job) {
    return data.or(job.data()::test)
        .or(job.data()::validation)
        .orElseThrow(
            () ->
                new SchemaException(
                    List.of(
                        "data.test or data.validation must be set to evaluate on; add one of them, or --data")));
  }

  /** What is made of each report, by label where there are several. */
  private static Object only(
      Map<String, EvaluationReport> reports, Function<EvaluationReport, Object> made) {
    Map<String, Object> byLabel = new LinkedHashMap<>();
    reports.forEach((label, report) -> byLabel.put(label, made.apply(report)));
    return byLabel.size() == 1 ? byLabel.values().iterator().next() : byLabel;
  }

  private static Object metrics(EvaluationReport report) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    report
        .all()
        .metrics()
        .forEach((name, estimate) -> metrics.put(name, RoundLine.number(estimate.value())));
    return metrics;
  }

  private static List<String> lines(Map<String, EvaluationReport> reports) {
    List<String> lines = new ArrayList<>();
    reports.forEach(
        (label, report) -> {
          if (reports.size() > 1) {
            lines.add("label " + label);
          }
          lines.addAll(report.lines());
        });
    return lines;
  }

  private static List<String> pictures(Map<String, EvaluationReport> reports, Path directory)
      throws IOException {
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, EvaluationReport> entry : reports.entrySet()) {
      if (entry.getValue().details().isPresent()) {
        Path place = reports.size() == 1 ? directory : directory.resolve(entry.getKey());
        EvaluationPictures.write(entry.getValue().details().get(), place)
            .forEach(file -> files.add(file.toString()));
      }
    }
    return files;
  }
}
