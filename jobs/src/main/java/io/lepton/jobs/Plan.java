package io.lepton.jobs;

import io.lepton.spark.EmptyJobs;
import io.lepton.spark.MeasuredCosts;
import io.lepton.spark.Placement;
import io.lepton.spark.Recovery;
import io.lepton.spark.RoundForecast;
import io.lepton.spark.StopRequest;
import io.lepton.spark.Trainer;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingPlan;
import io.lepton.spark.config.JobConfiguration;
import io.lepton.spark.ingest.DataException;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.LayerSummary;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Checks everything that can be checked without training, and says what training would take.
 *
 * @param gigabits a second of a driver's link, for a table of rounds with more replicas; empty for
 *     none
 * @param measured what rounds cost in an earlier run; empty to assume it
 */
record Plan(OptionalDouble gigabits, Optional<MeasuredCosts> measured) implements JobRun.Work {
  @Override
  public List<String> problems(JobConfiguration job) throws IOException {
    return TrainingPaths.problems(job);
  }

  @Override
  public Map<String, Object> run(JobConfiguration written, SparkSession spark, Path runDirectory) {
    Placement placement =
        Placement.of(
            JavaSparkContext.fromSparkContext(spark.sparkContext()),
            written.trainingOptions(),
            Recovery.none(new StopRequest()));
    JobConfiguration configuration = written.withReplicas(placement.replicas());
    TrainingJob job = configuration.trainingJob();
    Dataset<Row> data = DataPaths.training(configuration, spark);
    Dataset<Row> validation = DataPaths.validation(configuration, spark);
    ModelSpec model = Trainer.model(job, data.schema());
    if (validation != null) {
      Trainer.model(job, validation.schema());
    }
    Dataset<Row> test = DataPaths.test(configuration, spark);
    if (test != null) {
      Trainer.model(job, test.schema());
    }
    CompiledModel compiled =
        ModelCompiler.compile(model, configuration.seed(), 1, job.start().values(model));
    long rows = data.count();
    if (rows == 0) {
      throw new DataException("the training set must have rows, but has none");
    }
    long kept = Math.round(rows * (1 - job.validationFraction()));
    TrainingPlan plan =
        TrainingPlan.of(
            job,
            compiled,
            kept,
            placement.cluster(),
            EmptyJobs.taskSeconds(JavaSparkContext.fromSparkContext(spark.sparkContext())),
            measured);
    PlacementText text = new PlacementText(placement);
    Map<String, Object> fields = fields(plan, configuration.checkpoints().isPresent());
    print(compiled, fields);
    System.err.println();
    System.err.println(costs());
    System.err.println();
    text.lines().forEach(System.err::println);
    fields.put("costs", measured.isPresent() ? "measured" : "assumed");
    fields.put("placement", text.fields());
    if (gigabits.isPresent()) {
      ScaleTable table = new ScaleTable(plan.round(), gigabits.getAsDouble());
      System.err.println();
      table.lines().forEach(System.err::println);
      fields.put("scale", table.rounds().stream().map(Plan::round).toList());
    }
    return fields;
  }

  /** Where what rounds cost is known from. */
  private String costs() {
    return measured
        .map(
            it ->
                "costs of a round were measured in %,d rounds of %d replicas and %,d parameters"
                    .formatted(it.rounds(), it.replicas(), it.vector()))
        .orElse(
            "costs of a round but its steps and tasks are assumed; --costs RUN_DIR takes those of a"
                + " run");
  }

  private static void print(CompiledModel compiled, Map<String, Object> fields) {
    line("layer", "kind", "output", "parameters", "bytes", "FLOPs");
    for (LayerSummary layer : compiled.layers()) {
      line(
          layer.name(),
          layer.kind(),
          layer.outputShape().toString(),
          number(layer.parameters()),
          number(layer.parameters() * Float.BYTES),
          number(layer.flops()));
    }
    long parameters = compiled.layers().stream().mapToLong(LayerSummary::parameters).sum();
    long flops = compiled.layers().stream().mapToLong(LayerSummary::flops).sum();
    line("all", "", "", number(parameters), number(parameters * Float.BYTES), number(flops));
    System.err.println();
    fields.forEach((name, value) -> System.err.println(text(name.replace('_', ' '), value)));
  }

  private static String text(String name, Object value) {
    String number =
        value instanceof Double real
            ? String.format(Locale.ROOT, "%,.4f", real)
            : String.format(Locale.ROOT, "%,d", (Number) value);
    return "%-28s %18s".formatted(name, number);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static void line(String... cells) {
    System.err.printf("%-22s %-24s %-16s %12s %14s %14s%n", (Object[]) cells);
  }

  private static Map<String, Object> fields(TrainingPlan plan, boolean checkpoints) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rows", plan.rows());
    fields.put("shards", plan.shards());
    fields.put("shard_bytes", plan.shardBytes());
    fields.put("parameters", plan.parameters());
    fields.put("steps_per_epoch", plan.stepsPerEpoch());
    fields.put("rounds", plan.rounds());
    fields.put("bytes_per_round", plan.round().bytesDown() + plan.round().bytesUp());
    fields.put(
        "driver_bytes_per_round", plan.round().driverBytesDown() + plan.round().driverBytesUp());
    fields.put("fold_levels", plan.round().foldLevels());
    fields.put(
        "driver_bytes",
        plan.round().driverBytes() + (checkpoints ? plan.round().checkpointBytes() : 0));
    fields.put("executor_bytes", plan.executorBytes());
    fields.put("seconds_per_step", plan.round().costs().stepSeconds());
    fields.put("sync_seconds", plan.round().syncSeconds());
    fields.put("estimated_seconds", plan.seconds());
    return fields;
  }

  private static Map<String, Object> round(RoundForecast round) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("replicas", round.shape().replicas());
    fields.put("executors", round.shape().executors());
    fields.put("seconds", round.seconds());
    fields.put("sync_share", round.syncShare());
    fields.put("bytes_down", round.bytesDown());
    fields.put("bytes_up", round.bytesUp());
    fields.put("driver_bytes_down", round.driverBytesDown());
    fields.put("driver_bytes_up", round.driverBytesUp());
    fields.put("fold_levels", round.foldLevels());
    fields.put("driver_bytes", round.driverBytes());
    fields.put("executor_bytes", round.executorBytes());
    return fields;
  }
}
