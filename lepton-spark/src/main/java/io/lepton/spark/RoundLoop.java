package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.LocalSteps;
import io.lepton.spark.averaging.Movement;
import io.lepton.spark.averaging.Situation;
import io.lepton.spark.averaging.Spike;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.checkpoint.DistantVectors;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.MetricSums;
import io.lepton.tf.Precision;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.ComputeType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Rounds of synchronous averaging: parameters published, local steps on every replica, a fold on
 * the driver. One thread.
 */
final class RoundLoop implements AutoCloseable {
  private final JavaSparkContext spark;
  private final TrainingOptions options;
  private final TrainingProgram program;
  private final Broadcast<TrainingProgram> shared;
  private final String fingerprint;
  private final ShardSet training;
  private final EpochSteps steps;
  private final LossScaling scaling;
  private final RoundAccount account;
  private final PhaseClock clock;
  private final AveragedModel model;
  private final DeltaForm form;
  private final Downlink downlink;
  private final KeptMemory memory;
  private final RoundTally tally = new RoundTally();
  private final Knobs knobs;
  private ComputeOptions compute;

  RoundLoop(
      JavaSparkContext spark,
      TrainingOptions options,
      TrainingProgram program,
      FlatVector initial,
      double learningRate,
      ShardSet training,
      PhaseClock clock,
      TrainingListener listener) {
    this.spark = spark;
    this.options = options;
    this.program = program;
    this.shared = spark.broadcast(program);
    this.fingerprint = program.fingerprint();
    this.compute = options.compute();
    this.training = training;
    this.clock = clock;
    this.steps = new EpochSteps(training, program.slots().size(), options);
    this.scaling = new LossScaling(program);
    this.account = new RoundAccount(program, steps, tally, clock, listener);
    this.model = new AveragedModel(options, program, initial);
    Averaging averaging = options.averaging();
    this.knobs =
        new Knobs(
            averaging.rollback(),
            new LearningRates(learningRate, options.schedule(), steps.timeline(), 1, Pace.EVEN),
            tally,
            listener);
    this.form =
        new DeltaForm(
            averaging.codec(),
            averaging.errorFeedback(),
            averaging.optimizerState() == Averaging.OptimizerState.AVERAGED
                ? program.vectorSize()
                : program.sizeWithoutOptimizer());
    this.downlink =
        new Downlink(DeltaForm.shared(averaging.downCodec(), form.size()), shared.id(), initial);
    this.memory = new KeptMemory(spark, KeptShape.of(form, averaging, program));
  }

  /**
   * Finds the precision of all rounds to come.
   *
   * @param choice how
   * @throws PrecisionException if a machine lacks the one that was asked for
   */
  PrecisionReport settlePrecision(PrecisionChoice choice) {
    if (choice == PrecisionChoice.AUTO && compute.deterministic()) {
      return PrecisionTrial.unmeasured();
    }
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector sent = publish(scope, model.parameters());
      TrialReplica replica =
          new TrialReplica(
              training,
              (count, precision) ->
                  input(sent, RoundMemory.NONE, new StepRange(0, 0, count), precision));
      PrecisionReport report = new PrecisionTrial(choice, steps.all(), replica).settle();
      compute = compute.in(report.precision());
      return report;
    }
  }

  /**
   * Trains one round of an epoch.
   *
   * @param epoch from 0
   * @param from step of the epoch
   * @param sums over the epoch's batches, to add to
   * @return the step of the epoch that comes next
   */
  long train(int epoch, long from, MetricSums sums) {
    long step = steps.before(epoch) + from;
    LearningRates rates = rates(epoch);
    Situation now =
        new Situation(
            (long) rates.pace().at(step),
            rates.timeline(),
            rates.at(step),
            options.replicas(),
            account.last());
    LocalSteps rule = options.averaging().localSteps();
    long localSteps = rule.next(now);
    if (now.last() != null) {
      knobs.localSteps(now.last().localSteps(), localSteps, rule.reason(now));
    }
    long to = Math.min(steps.in(epoch), from + localSteps);
    sums.add(round(new StepRange(epoch, from, to), localSteps));
    return to;
  }

  /** Steps of an epoch, from 0. */
  long steps(int epoch) {
    return steps.in(epoch);
  }

  /** Examples of a step of an epoch, from 0. */
  int batchSize(int epoch) {
    return steps.batchSize(epoch);
  }

  /** Batches of an epoch, from 0, and of those after it, have another size. */
  void resizeBatches(int epoch, int size) {
    steps.resize(epoch, size);
  }

  /** Sums to go on with. */
  MetricSums sums(List<Double> sums, long examples) {
    return new MetricSums(program.metrics(), sums, examples);
  }

  /** All that rounds change, by name, not changed any more by later rounds. */
  Map<String, FlatVector> vectors() {
    Map<String, FlatVector> vectors = new LinkedHashMap<>(model.vectors());
    vectors.putAll(downlink.vectors());
    return vectors;
  }

  /** What replicas keep where they run. */
  DistantVectors distant() {
    return memory.distant();
  }

  /** Bytes that {@link #vectors} copies. */
  long copiedForVectors() {
    return model.copiedForVectors();
  }

  /** Goes on from the {@link #vectors} in a checkpoint. */
  void restore(Checkpoint checkpoint, long examplesBefore) {
    model.restore(checkpoint);
    downlink.restore(checkpoint);
    memory.restore(checkpoint);
    tally.resume(checkpoint.round(), examplesBefore);
  }

  /** Takes the next step of all, in a round of its own; returns sums over its batches. */
  MetricSums step() {
    int epoch = steps.epochOf(tally.rounds());
    long at = tally.rounds() - steps.before(epoch);
    return round(new StepRange(epoch, at, at + 1), 1);
  }

  /** What the training turns by itself. */
  Knobs knobs() {
    return knobs;
  }

  /** Evaluates {@link #parameters} on a shard set. */
  MetricSums evaluate(ShardSet data) {
    return evaluate(data, parameters());
  }

  /** Evaluates other parameters on a shard set. */
  MetricSums evaluate(ShardSet data, FlatVector parameters) {
    long start = System.nanoTime();
    TreeMap<Integer, MetricSums> parts = new TreeMap<>();
    try (BlockScope scope = new BlockScope(spark)) {
      RoundInput input =
          input(
              publish(scope, parameters),
              RoundMemory.NONE,
              new StepRange(0, 0, 0),
              compute.precision());
      Jobs.run(
          data.shards(),
          data.partitions(),
          (context, shards) -> ReplicaTask.evaluate(context, shards, input),
          (bucket, update) -> {
            parts.put(bucket, update.outcome().sums());
            tally.copied(update.outcome().copied());
          });
    }
    MetricSums sums = new MetricSums(program.metrics());
    parts.values().forEach(sums::add);
    clock.add(Phase.EVALUATE, (System.nanoTime() - start) / 1e9);
    return sums;
  }

  /**
   * The averaged parameters of now, over rounds too if that is wanted; not changed any more by
   * later rounds.
   */
  FlatVector parameters() {
    return model.evaluated();
  }

  int rounds() {
    return tally.rounds();
  }

  long examples() {
    return tally.examples();
  }

  long bytesSentPerRound() {
    return tally.bytesSentPerRound();
  }

  double examplesPerSecond() {
    return tally.examplesPerSecond();
  }

  /** Bytes copied in rounds and evaluations so far, by reason. */
  Map<CopyLedger.Reason, Long> copied() {
    return tally.copied();
  }

  long copiedTotal() {
    return tally.copiedTotal();
  }

  @Override
  public void close() {
    memory.close();
    SessionPool.shared().evict(fingerprint);
    shared.destroy();
  }

  private MetricSums round(StepRange taken, long localSteps) {
    long start = System.nanoTime();
    FlatVector before = model.parameters();
    Movement movement = Movement.NONE;
    ReplicaRuns runs;
    RoundWork work;
    Optional<Spike> spike;
    double publishSeconds;
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector sent = downlink.publish(scope, before);
      publishSeconds = (System.nanoTime() - start) / 1e9;
      runs =
          new ReplicaRuns(
              training,
              input(sent, memory.begin(), taken, compute.precision()),
              options.averaging().foldWidth(),
              options.averaging().foldThreads());
      runs.run();
      work = RoundWork.of(program.metrics(), runs);
      spike = spike(runs, work.sums());
      if (spike.isEmpty()) {
        runs.requireOne();
        movement = model.move(runs, taken.count());
      }
    }
    boolean undone = spike.isPresent();
    memory.end(runs, undone);
    RoundReport.Averages averages =
        new RoundReport.Averages(
            localSteps,
            steps.batchSize(taken.epoch()),
            rates(taken.epoch()).at(steps.before(taken.epoch()) + taken.from()),
            movement,
            runs.all(outcome -> outcome.sums().loss()),
            runs.all(ReplicaUpdate.Outcome::computeSeconds),
            runs.leftOut(),
            runs.memoryLost(),
            scaling.skippedSteps(model.parameters()) - scaling.skippedSteps(before));
    FoldSeconds fold = undone ? FoldSeconds.NONE : model.took();
    RoundReport.Parts parts =
        new RoundReport.Parts(
            taken.count(),
            publishSeconds,
            work.fetchSeconds(),
            work.stepSeconds(),
            fold.all(),
            fold.tree(),
            fold.move());
    RoundReport.Traffic traffic =
        new RoundReport.Traffic(
            work.down().bytes(),
            undone ? 0 : runs.bytes(),
            work.down().fromDriver(),
            runs.driverBytes());
    account.add(taken, work, averages, parts, (System.nanoTime() - start) / 1e9, traffic);
    if (undone) {
      knobs.rolledBack(spike.get());
      model.rollBack();
      downlink.reset(model.parameters());
    } else {
      knobs.lossScale(scaling.scale(before), scaling.scale(model.parameters()));
    }
    return undone ? new MetricSums(program.metrics()) : work.sums();
  }

  /** A round of which no example weighs anything has no loss to judge. */
  private Optional<Spike> spike(ReplicaRuns runs, MetricSums sums) {
    return runs.noneCounts() || sums.weight() > 0
        ? knobs.spikes().judge(tally.rounds() + 1, sums.loss())
        : Optional.empty();
  }

  private SharedVector publish(BlockScope scope, FlatVector vector) {
    return SharedVector.publish(scope, shared.id(), vector);
  }

  private RoundInput input(
      SharedVector sent, RoundMemory kept, StepRange taken, Precision precision) {
    return new RoundInput(
        shared,
        fingerprint,
        sent,
        tally.rounds() + 1,
        form,
        options.averaging().optimizerState(),
        kept,
        options.seed(),
        taken.epoch(),
        steps.batchSize(taken.epoch()),
        taken.from(),
        taken.to(),
        steps.before(taken.epoch()),
        rates(taken.epoch()),
        compute.in(casts() ? Precision.FLOAT32 : precision));
  }

  private LearningRates rates(int epoch) {
    return knobs.rates().at(steps.pace(epoch));
  }

  /** Whether the program casts by itself, so that sessions must not rewrite it. */
  private boolean casts() {
    return options.computeType(TaskGpu.isGivenBy(spark.getConf())).format()
        != ComputeType.Format.FLOAT32;
  }
}
