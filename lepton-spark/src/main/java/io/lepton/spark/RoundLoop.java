package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.ingest.Shard;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.MetricSums;
import io.lepton.tf.Precision;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.ComputeType;
import io.lepton.tf.schedule.Timeline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Rounds of synchronous averaging: parameters published, local steps on every replica, a fold on
 * the driver. Owns the parameters between rounds. One thread.
 */
final class RoundLoop implements AutoCloseable {
  private final JavaSparkContext spark;
  private final TrainingOptions options;
  private final TrainingProgram program;
  private final Broadcast<TrainingProgram> shared;
  private final String fingerprint;
  private final ShardSet training;
  private final long[] firstSteps;
  private final PhaseClock clock;
  private final TrainingListener listener;
  private final Map<CopyLedger.Reason, Long> copied = new EnumMap<>(CopyLedger.Reason.class);
  private final Optional<WeightAverage> average;
  private LearningRates rates;
  private ComputeOptions compute;
  private FlatVector parameters;
  private int rounds;
  private long examples;
  private long bytesSent;
  private long steadyExamples;
  private double steadySeconds;
  private double firstRate;

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
    this.parameters = initial;
    this.compute = options.compute();
    this.training = training;
    this.clock = clock;
    this.listener = listener;
    this.firstSteps = new long[options.epochs() + 1];
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      firstSteps[epoch + 1] = firstSteps[epoch] + longest(epoch);
    }
    Timeline timeline = new Timeline(firstSteps[options.epochs()], options.epochs());
    this.rates = new LearningRates(learningRate, options.schedule(), timeline, 1);
    this.average = options.ema().map(ema -> new WeightAverage(ema, program, initial));
  }

  /**
   * Finds the precision of all rounds to come.
   *
   * @throws PrecisionException if a machine lacks the one that was asked for
   */
  PrecisionReport settlePrecision() {
    long steps = firstSteps[options.epochs()];
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector sent = publish(scope, parameters);
      PrecisionReport report =
          new PrecisionTrial(options.precision(), steps, new FirstReplica(sent)).settle();
      compute = compute.in(report.precision());
      return report;
    }
  }

  /** The first replica that has rows. */
  private final class FirstReplica implements PrecisionTrial.Replica {
    private static final int STEPS = 20;

    private final SharedVector sent;
    private final int replica;

    FirstReplica(SharedVector sent) {
      this.sent = sent;
      this.replica =
          IntStream.range(0, training.buckets())
              .filter(bucket -> !training.chunkRows(bucket).isEmpty())
              .findFirst()
              .orElseThrow();
    }

    @Override
    public PrecisionTrial.Steps train(Precision precision) {
      RoundInput input = input(sent, 0, 0, STEPS, precision);
      int number = replica;
      ReplicaUpdate update =
          run((context, shards) -> ReplicaTask.train(context, shards, number, input));
      return PrecisionTrial.Steps.of(update.outcome());
    }

    @Override
    public StepInspection inspect(Precision precision) {
      RoundInput input = input(sent, 0, 0, 1, precision);
      return run((context, shards) -> ReplicaTask.inspect(context, shards, input, precision));
    }

    private <R> R run(Jobs.Task<Shard, R> task) {
      List<R> results = new ArrayList<>();
      List<Integer> partition = training.partitions().subList(replica, replica + 1);
      Jobs.run(training.shards(), partition, task, (place, result) -> results.add(result));
      return results.get(0);
    }
  }

  /** Trains one epoch, from 0; returns sums over its batches. */
  MetricSums train(int epoch) {
    MetricSums sums = new MetricSums(program.metrics());
    long steps = steps(epoch);
    for (long from = 0; from < steps; from += options.localSteps()) {
      sums.add(round(epoch, from, Math.min(steps, from + options.localSteps())));
    }
    return sums;
  }

  /** Takes the next step of all, in a round of its own; returns sums over its batches. */
  MetricSums step() {
    int epoch = 0;
    while (firstSteps[epoch + 1] <= rounds) {
      epoch++;
    }
    long at = rounds - firstSteps[epoch];
    return round(epoch, at, at + 1);
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
      RoundInput input = input(publish(scope, parameters), 0, 0, 0);
      Jobs.run(
          data.shards(),
          data.partitions(),
          (context, shards) -> ReplicaTask.evaluate(context, shards, input),
          (bucket, update) -> {
            parts.put(bucket, update.outcome().sums());
            count(update.outcome().copied());
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
    return average.map(it -> it.applyTo(parameters)).orElse(parameters);
  }

  int rounds() {
    return rounds;
  }

  long examples() {
    return examples;
  }

  long bytesSentPerRound() {
    return rounds == 0 ? 0 : bytesSent / rounds;
  }

  /** Examples a second over all rounds but the first, or of the first if there is no other. */
  double examplesPerSecond() {
    return steadySeconds == 0 ? firstRate : steadyExamples / steadySeconds;
  }

  /** Bytes copied in rounds and evaluations so far, by reason. */
  Map<CopyLedger.Reason, Long> copied() {
    return Map.copyOf(copied);
  }

  long copiedTotal() {
    return copied.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void close() {
    SessionPool.shared().evict(fingerprint);
    shared.destroy();
  }

  /** Steps of the longest replica in an epoch. */
  private long longest(int epoch) {
    int slots = program.slots().size();
    long longest = 0;
    for (int bucket = 0; bucket < training.buckets(); bucket++) {
      EpochOrder order =
          new EpochOrder(
              training.chunkRows(bucket),
              slots,
              options.batchSize(),
              options.seed(),
              epoch,
              bucket);
      longest = Math.max(longest, order.steps());
    }
    return longest;
  }

  private long steps(int epoch) {
    return firstSteps[epoch + 1] - firstSteps[epoch];
  }

  private int rounds(int epoch) {
    return (int) ((steps(epoch) + options.localSteps() - 1) / options.localSteps());
  }

  private MetricSums round(int epoch, long from, long to) {
    long start = System.nanoTime();
    long copiedBefore = copiedTotal();
    SortedMap<Integer, ReplicaUpdate> updates;
    double publishSeconds;
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector sent = publish(scope, parameters);
      publishSeconds = (System.nanoTime() - start) / 1e9;
      ReplicaRuns runs = new ReplicaRuns(training, input(sent, epoch, from, to));
      updates = runs.run();
      parameters = runs.fold(parameters);
    }
    average.ifPresent(it -> it.add(parameters, to - from));
    return report(
        epoch, updates.values(), publishSeconds, (System.nanoTime() - start) / 1e9, copiedBefore);
  }

  private MetricSums report(
      int epoch,
      Collection<ReplicaUpdate> updates,
      double publishSeconds,
      double seconds,
      long copiedBefore) {
    MetricSums sums = new MetricSums(program.metrics());
    double fetch = 0;
    double compute = 0;
    Set<String> executors = new HashSet<>();
    for (ReplicaUpdate update : updates) {
      ReplicaUpdate.Outcome outcome = update.outcome();
      sums.add(outcome.sums());
      count(outcome.copied());
      fetch = Math.max(fetch, outcome.fetchSeconds());
      compute = Math.max(compute, outcome.computeSeconds());
      executors.add(outcome.executor());
    }
    rounds++;
    examples += sums.examples();
    long sent = (long) parameters.size() * Float.BYTES * (executors.size() + updates.size());
    bytesSent += sent;
    if (rounds == 1) {
      firstRate = sums.examples() / seconds;
    } else {
      steadyExamples += sums.examples();
      steadySeconds += seconds;
    }
    double broadcast = Math.min(seconds, publishSeconds + fetch);
    clock.add(Phase.BROADCAST, broadcast);
    clock.add(Phase.COMPUTE, compute);
    clock.add(Phase.REDUCE, Math.max(0, seconds - broadcast - compute));
    String metric = program.metrics().get(0).name();
    listener.round(
        new RoundReport(
            rounds,
            IntStream.range(0, options.epochs()).map(this::rounds).sum(),
            epoch + 1,
            sums.loss(),
            metric,
            sums.value(metric),
            sums.examples(),
            seconds,
            broadcast,
            compute,
            sent,
            copiedTotal() - copiedBefore));
    return sums;
  }

  private SharedVector publish(BlockScope scope, FlatVector vector) {
    return SharedVector.publish(scope, shared.id(), vector);
  }

  private RoundInput input(SharedVector sent, int epoch, long from, long to) {
    return input(sent, epoch, from, to, compute.precision());
  }

  private RoundInput input(SharedVector sent, int epoch, long from, long to, Precision precision) {
    return new RoundInput(
        shared,
        fingerprint,
        sent,
        options.seed(),
        epoch,
        options.batchSize(),
        from,
        to,
        firstSteps[epoch],
        rates,
        compute.in(casts() ? Precision.FLOAT32 : precision));
  }

  /** Whether the program casts by itself, so that sessions must not rewrite it. */
  private boolean casts() {
    return options.computeType(TaskGpu.isGivenBy(spark.getConf())).format()
        != ComputeType.Format.FLOAT32;
  }

  private synchronized void count(Map<CopyLedger.Reason, Long> more) {
    more.forEach((reason, bytes) -> copied.merge(reason, bytes, Long::sum));
  }
}
