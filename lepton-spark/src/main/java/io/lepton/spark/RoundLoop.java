package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.Movement;
import io.lepton.spark.averaging.Situation;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.MetricSums;
import io.lepton.tf.Precision;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.ComputeType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final PhaseClock clock;
  private final TrainingListener listener;
  private final AveragedModel model;
  private final DeltaForm form;
  private final RoundTally tally = new RoundTally();
  private LearningRates rates;
  private ComputeOptions compute;
  private Situation.LastRound last;

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
    this.listener = listener;
    this.steps = new EpochSteps(training, program.slots().size(), options);
    this.rates = new LearningRates(learningRate, options.schedule(), steps.timeline(), 1);
    this.model = new AveragedModel(options, program, initial);
    Averaging averaging = options.averaging();
    this.form =
        new DeltaForm(
            averaging.codec(),
            averaging.errorFeedback(),
            Math.toIntExact(hasNewState() ? program.sizeWithoutOptimizer() : program.vectorSize()));
  }

  /**
   * Finds the precision of all rounds to come.
   *
   * @param choice how
   * @throws PrecisionException if a machine lacks the one that was asked for
   */
  PrecisionReport settlePrecision(PrecisionChoice choice) {
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector sent = publish(scope, model.parameters());
      TrialReplica replica =
          new TrialReplica(
              training, (count, precision) -> input(sent, new Steps(0, 0, count), precision));
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
    long localSteps =
        options
            .averaging()
            .localSteps()
            .next(new Situation(step, rates.timeline(), rates.at(step), options.replicas(), last));
    long to = Math.min(steps.in(epoch), from + localSteps);
    sums.add(round(new Steps(epoch, from, to), localSteps));
    return to;
  }

  /** Steps of an epoch, from 0. */
  long steps(int epoch) {
    return steps.in(epoch);
  }

  /** Sums to go on with. */
  MetricSums sums(List<Double> sums, long examples) {
    return new MetricSums(program.metrics(), sums, examples);
  }

  /** All that rounds change, by name, not changed any more by later rounds. */
  Map<String, FlatVector> vectors() {
    return model.vectors();
  }

  /** Bytes that {@link #vectors} copies. */
  long copiedForVectors() {
    return model.copiedForVectors();
  }

  /** Goes on from the {@link #vectors} in a checkpoint. */
  void restore(Checkpoint checkpoint, long examplesBefore) {
    model.restore(checkpoint);
    tally.resume(checkpoint.round(), examplesBefore);
  }

  /** Takes the next step of all, in a round of its own; returns sums over its batches. */
  MetricSums step() {
    int epoch = steps.epochOf(tally.rounds());
    long at = tally.rounds() - steps.before(epoch);
    return round(new Steps(epoch, at, at + 1), 1);
  }

  /** Multiplies the rates of the next rounds by a factor. */
  void reduceRates(double factor) {
    rates = rates.reducedTo(factor);
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
      RoundInput input = input(publish(scope, parameters), new Steps(0, 0, 0), compute.precision());
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
    SessionPool.shared().evict(fingerprint);
    shared.destroy();
  }

  /** Steps {@code from} to {@code to} (exclusive) of an epoch, from 0. */
  private record Steps(int epoch, long from, long to) {}

  private MetricSums round(Steps taken, long localSteps) {
    long start = System.nanoTime();
    long copiedBefore = copiedTotal();
    Movement movement;
    ReplicaRuns runs;
    double publishSeconds;
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector sent = publish(scope, model.parameters());
      publishSeconds = (System.nanoTime() - start) / 1e9;
      runs = new ReplicaRuns(training, input(sent, taken, compute.precision()));
      runs.run();
      movement = model.move(runs, taken.to() - taken.from());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    RoundReport.Averages averages =
        new RoundReport.Averages(
            localSteps,
            rates.at(steps.before(taken.epoch()) + taken.from()),
            movement,
            runs.losses(),
            runs.leftOut(),
            runs.feedbackLost());
    return report(taken, runs.counted(), averages, publishSeconds, seconds, copiedBefore);
  }

  private MetricSums report(
      Steps taken,
      Collection<ReplicaUpdate> updates,
      RoundReport.Averages averages,
      double publishSeconds,
      double seconds,
      long copiedBefore) {
    MetricSums sums = new MetricSums(program.metrics());
    double fetch = 0;
    double computing = 0;
    long lent = 0;
    Set<String> executors = new HashSet<>();
    for (ReplicaUpdate update : updates) {
      ReplicaUpdate.Outcome outcome = update.outcome();
      sums.add(outcome.sums());
      tally.copied(outcome.copied());
      fetch = Math.max(fetch, outcome.fetchSeconds());
      computing = Math.max(computing, outcome.computeSeconds());
      lent += outcome.chunksLent();
      executors.add(outcome.executor());
    }
    long down = (long) model.parameters().size() * Float.BYTES * executors.size();
    long up = form.bytes() * averages.losses().size();
    tally.round(sums.examples(), down + up, seconds);
    double broadcast = Math.min(seconds, publishSeconds + fetch);
    clock.add(Phase.BROADCAST, broadcast);
    clock.add(Phase.COMPUTE, computing);
    clock.add(Phase.REDUCE, Math.max(0, seconds - broadcast - computing));
    last =
        new Situation.LastRound(
            averages.localSteps(),
            computing / (taken.to() - taken.from()),
            Math.max(0, seconds - computing),
            averages.movement().disagreement());
    String metric = program.metrics().get(0).name();
    listener.round(
        new RoundReport(
            tally.rounds(),
            Math.toIntExact(
                tally.rounds() + steps.rounds(taken.epoch(), taken.to(), averages.localSteps())),
            taken.epoch() + 1,
            sums.loss(),
            metric,
            sums.value(metric),
            sums.examples(),
            seconds,
            broadcast,
            computing,
            down,
            up,
            copiedTotal() - copiedBefore,
            lent,
            averages));
    return sums;
  }

  private SharedVector publish(BlockScope scope, FlatVector vector) {
    return SharedVector.publish(scope, shared.id(), vector);
  }

  private RoundInput input(SharedVector sent, Steps taken, Precision precision) {
    return new RoundInput(
        shared,
        fingerprint,
        sent,
        shared.id(),
        tally.rounds() + 1,
        form,
        hasNewState(),
        options.seed(),
        taken.epoch(),
        options.batchSize(),
        taken.from(),
        taken.to(),
        steps.before(taken.epoch()),
        rates,
        compute.in(casts() ? Precision.FLOAT32 : precision));
  }

  private boolean hasNewState() {
    return options.averaging().optimizerState() == Averaging.OptimizerState.RESET;
  }

  /** Whether the program casts by itself, so that sessions must not rewrite it. */
  private boolean casts() {
    return options.computeType(TaskGpu.isGivenBy(spark.getConf())).format()
        != ComputeType.Format.FLOAT32;
  }
}
