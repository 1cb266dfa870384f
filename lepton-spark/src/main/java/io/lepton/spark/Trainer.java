package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.spark.TrainingOptions.EarlyStopping;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.ingest.DataBinding;
import io.lepton.spark.ingest.DataException;
import io.lepton.spark.ingest.Fitter;
import io.lepton.spark.ingest.Fitting;
import io.lepton.spark.ingest.Ingest;
import io.lepton.spark.ingest.IngestReport;
import io.lepton.spark.ingest.Preprocessing;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelInput;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.Target;
import io.lepton.tf.model.Transform;
import io.lepton.tf.model.WeightValue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a model on a DataFrame: ingest once, rounds of averaging, evaluation after each epoch, the
 * best parameters kept. The session must have {@link LeptonSpark#SETTINGS}.
 */
public final class Trainer {
  // More chunks mix a source in order better; each costs a step some microseconds.
  private static final int MOST_SLOTS = 8;

  private final TrainingJob job;
  private final TrainingListener listener;
  private final PhaseClock clock;
  private final Recovery recovery;

  /**
   * A trainer for one run, without checkpoints.
   *
   * @param clock to add to; what it already holds stays
   */
  public Trainer(TrainingJob job, TrainingListener listener, PhaseClock clock) {
    this(job, listener, clock, Recovery.none(new StopRequest()));
  }

  /**
   * A trainer for one run.
   *
   * @param clock to add to; what it already holds stays
   */
  public Trainer(TrainingJob job, TrainingListener listener, PhaseClock clock, Recovery recovery) {
    if (job.options().replicas() == Averaging.AUTO) {
      throw new IllegalArgumentException(
          "a trainer must be told how many replicas there are, but was told averaging.replicas ="
              + " auto; take as many as a Placement says");
    }
    this.job = job;
    this.listener = listener;
    this.clock = clock;
    this.recovery = recovery;
  }

  /**
   * The model a job makes of a schema.
   *
   * @throws io.lepton.spark.ingest.SchemaException if columns do not fit
   */
  public static ModelSpec model(TrainingJob job, StructType schema) {
    return model(job, DataBinding.bind(job.data(), schema));
  }

  static ModelSpec model(TrainingJob job, DataBinding binding) {
    return new ModelSpec(
        binding.inputs().stream().map(input -> prepared(job, input)).toList(),
        job.objectives().stream().map(objective -> target(job, binding, objective)).toList(),
        binding.weighted(),
        job.layers(),
        job.optimizer(),
        job.updates());
  }

  private static ModelInput prepared(TrainingJob job, ModelInput input) {
    List<Transform> transforms = new ArrayList<>(input.transforms());
    if (job.start().scalars().contains(input.name())) {
      transforms.add(new Transform.Scalar());
    }
    return job.data().inputs().stream()
        .filter(spec -> spec.name().equals(input.name()))
        .findFirst()
        .map(spec -> new ModelInput(input.column(), transforms, spec.augmentations()))
        .orElse(input);
  }

  private static Target target(TrainingJob job, DataBinding binding, Objective objective) {
    LabelSpec label =
        job.data().labels().stream()
            .filter(spec -> spec.name().equals(objective.label()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "an objective must be of a label of the data, but was of: "
                            + objective.label()));
    return new Target(
        binding.label(label),
        objective.loss(),
        objective.output(),
        objective.weight(),
        objective.classWeights());
  }

  /**
   * Trains, holding out a share of the data to validate on.
   *
   * @throws DataException if rows break rules or there are none
   * @throws DivergenceException if the loss runs away
   */
  public TrainingResult train(Dataset<Row> data) {
    return train(data, null);
  }

  /**
   * Trains on one set and validates on another.
   *
   * @throws DataException if rows break rules or there are none
   * @throws DivergenceException if the loss runs away
   * @throws PrecisionException if a machine lacks the precision that was asked for
   */
  public TrainingResult train(Dataset<Row> training, Dataset<Row> validation) {
    return train(training, validation, null);
  }

  /**
   * Trains, and evaluates the best parameters once on a set that had no say in which are best.
   *
   * @param validation null to hold out a share of the training set
   * @param test null for none
   * @throws DataException if rows break rules or there are none
   * @throws DivergenceException if the loss runs away
   * @throws InterruptedTrainingException if it was asked to stop
   * @throws io.lepton.spark.checkpoint.CheckpointException if the checkpoint to go on from is of
   *     another model or of other data
   */
  public TrainingResult train(Dataset<Row> training, Dataset<Row> validation, Dataset<Row> test) {
    TrainingOptions options = job.options();
    long start = System.nanoTime();
    listener.phase(Phase.START);
    DataBinding unfitted = DataBinding.bind(job.data(), training.schema());
    metric(model(job, unfitted));
    clock.add(Phase.START, (System.nanoTime() - start) / 1e9);

    start = System.nanoTime();
    listener.phase(Phase.INGEST);
    Fitting fitting = fit(unfitted, training, validation == null);
    DataBinding binding = unfitted.fitted(fitting);
    clock.add(Phase.INGEST, (System.nanoTime() - start) / 1e9);

    start = System.nanoTime();
    ModelSpec unbalanced = model(job, binding);
    Map<String, WeightValue> values = values(unbalanced);
    DataBinding tested =
        test == null ? null : DataBinding.bind(binding.resolved(), test.schema()).fitted(fitting);
    clock.add(Phase.START, (System.nanoTime() - start) / 1e9);

    start = System.nanoTime();
    try (Ingest trained =
            validation == null
                ? Ingest.split(
                    "the training set",
                    training,
                    binding,
                    options.seed(),
                    options.replicas(),
                    job.validationFraction(),
                    options.shards())
                : ingest("the training set", training, binding);
        Ingest held =
            validation == null
                ? null
                : ingest(
                    "the validation set",
                    validation,
                    DataBinding.bind(binding.resolved(), validation.schema()).fitted(fitting))) {
      ShardSet validated = held == null ? trained.validation() : held.training();
      requireRows("the training set", trained.training());
      requireRows("the validation set", validated);
      ModelSpec model = balanced(unbalanced, binding, trained.training());
      clock.add(Phase.INGEST, (System.nanoTime() - start) / 1e9);
      start = System.nanoTime();
      JavaSparkContext spark =
          JavaSparkContext.fromSparkContext(training.sparkSession().sparkContext());
      CompiledModel compiled =
          ModelCompiler.compile(
              model,
              options.seed(),
              slots(trained.training()),
              values,
              options.computeType(TaskGpu.isGivenBy(spark.getConf())));
      FlatVector initial = compiled.initialParameters();
      initial.hold();
      clock.add(Phase.START, (System.nanoTime() - start) / 1e9);
      Map<CopyLedger.Reason, Long> copied = ingestCopies(trained, held);
      String fingerprint = compiled.program().fingerprint();
      String data = DataFingerprint.of(compiled.program().columns(), trained.training(), validated);
      try (RoundLoop loop =
          new RoundLoop(
              spark,
              options,
              compiled.program(),
              initial,
              job.learningRate(),
              trained.training(),
              clock,
              listener)) {
        start = System.nanoTime();
        Optional<TrainingState> earlier =
            recovery.start().map(it -> TrainingState.of(it, fingerprint, data));
        earlier.ifPresent(it -> loop.restore(recovery.start().orElseThrow(), it.examples()));
        PrecisionReport precision = loop.settlePrecision(choice(earlier));
        listener.precision(precision);
        clock.add(Phase.START, (System.nanoTime() - start) / 1e9);
        TrainingState state =
            earlier.orElseGet(
                () ->
                    TrainingState.start(
                        fingerprint, data, precision.precision(), options.replicas()));
        Preprocessing preprocessing = new Preprocessing(binding.resolved(), fitting);
        List<IngestReport> ingests =
            held == null ? List.of(trained.report()) : List.of(trained.report(), held.report());
        TrainingResult result =
            run(
                ingests,
                preprocessing,
                model,
                compiled,
                precision,
                loop,
                trained.training(),
                validated,
                state,
                copied);
        return test == null ? result : result.tested(evaluate(loop, result, test, tested));
      }
    }
  }

  private Map<String, WeightValue> values(ModelSpec model) {
    ModelCompiler.check(model);
    Map<String, WeightValue> values = job.start().values(model);
    if (job.start().earlier().isPresent()) {
      listener.started(values.size());
    }
    return values;
  }

  /** What was measured once is not measured again. */
  private PrecisionChoice choice(Optional<TrainingState> earlier) {
    return earlier
        .map(state -> PrecisionChoice.valueOf(state.precision().name()))
        .orElse(job.options().precision());
  }

  private ModelSpec balanced(ModelSpec model, DataBinding binding, ShardSet training) {
    List<Target> targets = new ArrayList<>(model.targets());
    for (int i = 0; i < targets.size(); i++) {
      if (job.objectives().get(i).balanced()) {
        int column = binding.columns().indexOf(targets.get(i).label());
        targets.set(i, BalancedClasses.of(targets.get(i), training, column));
      }
    }
    return model.withTargets(targets);
  }

  private TrainingResult run(
      List<IngestReport> ingests,
      Preprocessing preprocessing,
      ModelSpec model,
      CompiledModel compiled,
      PrecisionReport precision,
      RoundLoop loop,
      ShardSet training,
      ShardSet validation,
      TrainingState start,
      Map<CopyLedger.Reason, Long> copied) {
    EpochLoop epochs =
        new EpochLoop(
            loop,
            start,
            validation,
            new EpochLog(job.options(), metric(model)),
            job.learningRate(),
            recovery,
            clock,
            listener);
    EpochLog log = epochs.run();
    loop.copied().forEach((reason, bytes) -> copied.merge(reason, bytes, Long::sum));
    return new TrainingResult(
        ingests,
        preprocessing,
        model,
        compiled,
        precision,
        log.best().orElseThrow(),
        log.reports(),
        log.bestEpoch(),
        loop.rounds(),
        recovery.resumesFrom(),
        epochs.checkpoints(),
        training.rows(),
        validation.rows(),
        Optional.empty(),
        loop.examples(),
        loop.examplesPerSecond(),
        loop.bytesSentPerRound(),
        copied,
        clock.seconds());
  }

  private Evaluation evaluate(
      RoundLoop loop, TrainingResult result, Dataset<Row> test, DataBinding binding) {
    String source = "the test set";
    listener.phase(Phase.EVALUATE);
    try (Ingest ingest = ingest(source, test, binding)) {
      requireRows(source, ingest.training());
      return Evaluation.of(loop.evaluate(ingest.training(), result.parameters()));
    }
  }

  private Fitting fit(DataBinding binding, Dataset<Row> training, boolean split) {
    TrainingOptions options = job.options();
    String source = "the training set";
    return split
        ? Fitter.split(
            source, training, binding, options.seed(), options.replicas(), job.validationFraction())
        : Fitter.whole(source, training, binding);
  }

  private Ingest ingest(String source, Dataset<Row> data, DataBinding binding) {
    TrainingOptions options = job.options();
    return Ingest.whole(
        source, data, binding, options.seed(), options.replicas(), options.shards());
  }

  private String metric(ModelSpec model) {
    String metric = job.options().stopping().map(EarlyStopping::metric).orElse(firstMetric(model));
    if (!metric.equals("loss") && !model.metrics().contains(metric)) {
      throw new IllegalArgumentException(
          "the metric to stop by must be one of loss, %s, but was: %s"
              .formatted(String.join(", ", model.metrics()), metric));
    }
    return metric;
  }

  private static String firstMetric(ModelSpec model) {
    return model.targets().size() == 1 ? model.metrics().get(0) : "loss";
  }

  /** Chunks that are loaded at a time. */
  static int slots(ShardSet training) {
    return IntStream.range(0, training.buckets())
        .map(bucket -> Math.min(MOST_SLOTS, training.chunkRows(bucket).size()))
        .reduce(1, Math::max);
  }

  private static void requireRows(String source, ShardSet data) {
    if (data.rows() == 0) {
      throw new DataException(source + " must have rows, but has none");
    }
  }

  private static Map<CopyLedger.Reason, Long> ingestCopies(Ingest training, Ingest validation) {
    long bytes = training.decodedBytes() + (validation == null ? 0 : validation.decodedBytes());
    Map<CopyLedger.Reason, Long> copied = new EnumMap<>(CopyLedger.Reason.class);
    copied.put(CopyLedger.Reason.DECODE, bytes);
    copied.put(CopyLedger.Reason.WRITE, bytes);
    copied.put(
        CopyLedger.Reason.MOVE,
        training.movedBytes() + (validation == null ? 0 : validation.movedBytes()));
    return copied;
  }
}
