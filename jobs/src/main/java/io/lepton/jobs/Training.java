package io.lepton.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lepton.spark.CostMeter;
import io.lepton.spark.EpochReport;
import io.lepton.spark.ModelBundle;
import io.lepton.spark.Phase;
import io.lepton.spark.PhaseClock;
import io.lepton.spark.Placement;
import io.lepton.spark.Recovery;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingListener;
import io.lepton.spark.TrainingResult;
import io.lepton.spark.checkpoint.CheckpointReport;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.spark.config.Resume;
import io.lepton.spark.ingest.IngestReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Trains, writes the bundle, and says how it went. */
record Training(Resume resume) implements JobRun.Work {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROVENANCE = "provenance.json";

  @Override
  public List<String> problems(JobConfiguration job) throws IOException {
    return TrainingPaths.problems(job);
  }

  @Override
  public Map<String, Object> run(JobConfiguration written, SparkSession spark, Path runDirectory)
      throws IOException {
    PhaseClock clock = new PhaseClock();
    TrainingResult result;
    RunNotes notes = new RunNotes();
    CostMeter meter = new CostMeter();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Recovery recovery =
        resume.recovery(
            written,
            Termination.request(),
            Map.of(PROVENANCE, JSON.writeValueAsString(provenance(written, spark))),
            hadoop);
    PlacementText placement =
        new PlacementText(
            Placement.of(
                JavaSparkContext.fromSparkContext(spark.sparkContext()),
                written.trainingOptions(),
                recovery));
    JobConfiguration configuration = written.withReplicas(placement.placement().replicas());
    TrainingJob job = configuration.trainingJob();
    try (Progress progress = Progress.onStandardError(job.options());
        RoundsFile rounds = RoundsFile.in(runDirectory, recovery.resumesFrom())) {
      progress.placed(placement);
      TrainingListener listener = TrainingListener.all(List.of(progress, rounds, notes, meter));
      Dataset<Row> training = DataPaths.training(configuration, spark);
      Dataset<Row> validation = DataPaths.validation(configuration, spark);
      Dataset<Row> test = DataPaths.test(configuration, spark);
      result = new Trainer(job, listener, clock, recovery).train(training, validation, test);
      result.test().ifPresent(progress::tested);
      result.checkpoints().ifPresent(progress::saved);
      long start = System.nanoTime();
      progress.phase(Phase.CHECKPOINT);
      ModelBundle.write(
          job,
          result,
          provenance(configuration, spark, result),
          configuration.output().model(),
          configuration.output().overwrite(),
          configuration.output().frozen(),
          hadoop);
      clock.add(Phase.CHECKPOINT, (System.nanoTime() - start) / 1e9);
    }
    Map<String, Object> fields = fields(configuration, result, notes, clock);
    fields.put("placement", placement.fields());
    meter
        .costs(job.options(), result.compiled().program(), placement.placement().cluster())
        .ifPresent(costs -> fields.put(CostsFile.FIELD, CostsFile.fields(costs)));
    return fields;
  }

  private static Map<String, Object> provenance(
      JobConfiguration configuration, SparkSession spark, TrainingResult result) {
    Map<String, Object> provenance = provenance(configuration, spark);
    provenance.put("replicas", configuration.averaging().replicas());
    provenance.put("training_rows", result.trainingRows());
    provenance.put("validation_rows", result.validationRows());
    provenance.put("configuration", configuration.effective());
    return provenance;
  }

  private static Map<String, Object> provenance(
      JobConfiguration configuration, SparkSession spark) {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("lepton", Version.text());
    provenance.put("spark", spark.version());
    provenance.put("train", configuration.data().train());
    configuration.data().validation().ifPresent(path -> provenance.put("validation", path));
    configuration.data().test().ifPresent(path -> provenance.put("test", path));
    provenance.put("seed", configuration.seed());
    return provenance;
  }

  private static Map<String, Object> fields(
      JobConfiguration configuration, TrainingResult result, RunNotes notes, PhaseClock clock) {
    EpochReport best = result.bestEpoch();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model_dir", configuration.output().model());
    fields.put("rounds", result.rounds());
    fields.put("resumed_from", result.resumedFrom().stream().boxed().findFirst().orElse(null));
    fields.put("epochs", result.epochs().size());
    fields.put("best_epoch", result.best());
    fields.put("examples", result.examples());
    fields.put("examples_per_second", Math.round(result.examplesPerSecond()));
    fields.put("ingest", ingest(result.ingests()));
    fields.put("phases", lower(clock.seconds()));
    result.checkpoints().ifPresent(it -> fields.put("checkpoints", checkpoints(it)));
    fields.put("loss", best.loss());
    fields.put("metrics", best.metrics());
    result.test().ifPresent(test -> fields.put("test", test));
    fields.put("bytes_copied", lower(result.bytesCopied()));
    fields.put("bytes_sent_per_round", result.bytesSentPerRound());
    fields.put("precision", result.precision().precision().word());
    fields.put("skipped_steps", result.skippedSteps());
    fields.putAll(notes.fields());
    fields.put("parameters_sha256", result.parametersSha256());
    fields.put("history", history(result.epochs()));
    return fields;
  }

  private static Map<String, Object> checkpoints(CheckpointReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("newest", report.newest().stream().boxed().findFirst().orElse(null));
    fields.put("written", report.written());
    fields.put("superseded", report.superseded());
    fields.put("failed", report.failed());
    fields.put("bytes", report.bytes());
    fields.put("copied_bytes", report.copiedBytes());
    fields.put("pause_seconds", report.pauseSeconds());
    return fields;
  }

  private static Map<String, IngestReport> ingest(List<IngestReport> reports) {
    Map<String, IngestReport> ingest = new LinkedHashMap<>();
    ingest.put("training", reports.get(0));
    reports.stream().skip(1).forEach(report -> ingest.put("validation", report));
    return ingest;
  }

  private static List<Map<String, Object>> history(List<EpochReport> epochs) {
    return epochs.stream()
        .map(
            epoch -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("epoch", epoch.epoch());
              entry.put("training_loss", RoundLine.number(epoch.trainingLoss()));
              entry.put("loss", epoch.loss());
              entry.put("metrics", epoch.metrics());
              entry.put("seconds", epoch.seconds());
              entry.put("bytes_copied", epoch.bytesCopied());
              return entry;
            })
        .toList();
  }

  private static <V> Map<String, V> lower(Map<? extends Enum<?>, V> byName) {
    Map<String, V> lower = new TreeMap<>();
    byName.forEach((key, value) -> lower.put(key.name().toLowerCase(Locale.ROOT), value));
    return lower;
  }
}
