package io.lepton.spark.config;

import com.typesafe.config.ConfigObject;
import io.lepton.spark.Objective;
import io.lepton.spark.TrainingJob;
import io.lepton.spark.TrainingOptions;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.checkpoint.CheckpointOptions;
import io.lepton.spark.data.DataSpec;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a job is told: what to train, on which data, how, and where the model goes.
 *
 * @param name of the job
 * @param seed of everything random
 * @param data to train and validate with
 * @param model to train
 * @param training of it
 * @param averaging of the replicas
 * @param session of TensorFlow
 * @param cluster that computes
 * @param shards and where they lie
 * @param checkpoints of the training; empty for none
 * @param evaluation of a trained model
 * @param stream that a trained model scores
 * @param output of the job
 * @param effective every setting, defaults filled in, as HOCON that reads back to the same
 *     settings; each value is followed by its origin, and secrets are masked
 */
public record JobConfiguration(
    String name,
    long seed,
    DataSection data,
    ModelSection model,
    TrainingSection training,
    Averaging averaging,
    SessionSection session,
    ClusterSection cluster,
    ShardsSection shards,
    Optional<CheckpointOptions> checkpoints,
    EvaluationSection evaluation,
    StreamSection stream,
    OutputSection output,
    String effective) {

  /**
   * Reads a file and the overrides on top of it, the last override first.
   *
   * <p>Substitutions such as {@code ${?HOME}} find the file's own settings, then system properties,
   * then environment variables. None of these becomes a setting by its own name.
   *
   * @param file HOCON, JSON or properties, by its extension
   * @param sets overrides, each {@code path=value} in HOCON
   * @throws ConfigurationException with every problem, if there is any
   */
  public static JobConfiguration load(Path file, List<String> sets) {
    Problems problems = new Problems();
    return check(root(Sources.read(file, sets, problems), problems), problems);
  }

  /**
   * Reads settings out of a program.
   *
   * @param fallbacks what holds where the settings are silent, by path: text, numbers, flags, lists
   *     of these, or {@link Hocon}
   * @param settings HOCON; what only files of jobs can say is refused
   * @param values what holds before the settings, as fallbacks
   * @throws ConfigurationException with every problem, if there is any
   */
  public static JobConfiguration of(
      Map<String, ?> fallbacks, String settings, Map<String, ?> values) {
    Problems problems = new Problems();
    Settings root = root(Sources.of(fallbacks, settings, values, problems), problems);
    ParamSetting.refuseOfJobs(settings, problems);
    return check(root, problems);
  }

  private static Settings root(ConfigObject settings, Problems problems) {
    Settings root = Settings.root(settings, problems);
    problems.throwIfAny();
    return root;
  }

  private static JobConfiguration check(Settings root, Problems problems) {
    JobConfiguration configuration = read(root, problems);
    root.refuseUnknown();
    problems.throwIfAny();
    return configuration;
  }

  /** The columns of the data that make up the examples. */
  public DataSpec dataSpec() {
    return data.spec();
  }

  /** The layers, each after what it takes. */
  public List<Node> layers() {
    return model.layers();
  }

  /** What learning each label means, the loss {@code auto} already resolved. */
  public List<Objective> objectives() {
    return training.objectives();
  }

  /** The optimizer of the local steps. */
  public Optimizer optimizer() {
    return training.optimizer();
  }

  /** How to train, gathered from several sections. */
  public TrainingOptions trainingOptions() {
    return new TrainingOptions(
        seed,
        training.epochs(),
        training.batchSize(),
        averaging,
        training.earlyStopping().orElse(null),
        shards.storage(),
        training.learning().schedule(),
        training.learning().growth(),
        training.learning().ema(),
        training.precision(),
        training.float32Layers(),
        session.options());
  }

  /** What to train, gathered from all sections. */
  public TrainingJob trainingJob() {
    return new TrainingJob(
        name,
        dataSpec(),
        layers(),
        model.start(data.inputs()),
        objectives(),
        optimizer(),
        training.learning().updates().freezing(model.frozen()),
        trainingOptions(),
        data.validationFraction().orElse(0));
  }

  /** The same with so many replicas, whatever the settings say. */
  public JobConfiguration withReplicas(int replicas) {
    return new JobConfiguration(
        name,
        seed,
        data,
        model,
        training,
        averaging.withReplicas(replicas),
        session,
        cluster,
        shards,
        checkpoints,
        evaluation,
        stream,
        output,
        effective);
  }

  private static JobConfiguration read(Settings root, Problems problems) {
    String name = root.required("name", Rule.text());
    long seed = root.orDefault("seed", Defaults.SEED, Rule.longInteger());
    Settings dataSettings = root.section("data");
    List<LabelSection> labels = LabelSection.read(dataSettings);
    DataSection data = DataSection.read(dataSettings, labels);
    ModelChoice choice = ModelChoice.read(root.section("model"));
    Settings trainingSettings = root.section("training");
    boolean labelsAreRight = problems.noneAt("data.label", "data.labels");
    LossChoice loss = choice.loss(TrainingSection.loss(trainingSettings, labels), labels);
    ModelSection written =
        labelsAreRight && problems.noneAt("data.inputs")
            ? choice.model(data, labels, loss)
            : choice.written();
    TrainingSection training =
        TrainingSection.read(trainingSettings, labels, loss, written.layers(), labelsAreRight);
    ModelSection model = written.seenBy(training.objectives());
    Settings averagingSettings = root.section("averaging");
    SessionSection session = SessionSection.read(root.section("session"));
    Averaging averaging = AveragingSection.read(averagingSettings, session);
    AveragingSection.check(averagingSettings, averaging, training.optimizer());
    LocalStepsSection.check(averagingSettings, averaging.localSteps(), session);
    ClusterSection cluster = ClusterSection.read(root.section("cluster"));
    ShardsSection shards = ShardsSection.read(root.section("shards"));
    Optional<CheckpointOptions> checkpoints =
        root.optionalSection("checkpoints").map(CheckpointsSection::read);
    EvaluationSection evaluation =
        EvaluationSection.read(
            root.optionalSection("evaluation").orElseGet(Settings::nothing), seed);
    StreamSection stream =
        StreamSection.read(root.optionalSection("stream").orElseGet(Settings::nothing));
    OutputSection output = OutputSection.read(root.section("output"));
    if (problems.noneAt("data.inputs", "data.label", "data.labels", "model", "training.loss")) {
      List<Source> inputs = new InputCheck(choice.settings(), model).run(data.sources());
      if (problems.noneAt("model")) {
        new ShapeCheck(choice, model.layers()).run(inputs, data.labels(), training.objectives());
      }
    }
    return new JobConfiguration(
        name,
        seed,
        data,
        model,
        training,
        averaging,
        session,
        cluster,
        shards,
        checkpoints,
        evaluation,
        stream,
        output,
        root.effective());
  }
}
