package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.ingest.ExecutorMemory;
import io.lepton.spark.ingest.Permutation;
import io.lepton.spark.ingest.Shard;
import io.lepton.tf.BatchRows;
import io.lepton.tf.DeltaNorm;
import io.lepton.tf.HeavyOps;
import io.lepton.tf.MetricSums;
import io.lepton.tf.NumberedChunk;
import io.lepton.tf.Precision;
import io.lepton.tf.Processor;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.StepPlan;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.WindowFeed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * One replica's part of a round, or one bucket's part of an evaluation, inside a Spark task: a
 * function of its arguments and nothing else, so that Spark may repeat it.
 */
final class ReplicaTask implements AutoCloseable {
  private static final int EVALUATION_BATCH = 256;
  private static final int STEPS_AT_ONCE = 64;
  private static final int BITS_OF_ROWS = 40;
  private static final int NOBODY = -1;

  private final TaskContext context;
  private final RoundInput input;
  private final TrainingProgram program;
  private final FlatVector parameters;
  private final ReplicaMemory memory;
  private final SessionPool.Loan loan;
  private final MetricSums sums;
  private final List<Shard> shards = new ArrayList<>();
  private final List<MappedShard.Chunk> chunks = new ArrayList<>();
  private final CopyLedger moved = new CopyLedger();
  private final WindowFeed feed;
  private final long copiedBefore;
  private final long lentBefore;
  private final double fetchSeconds;
  private final long start;
  private double stepSeconds;

  private ReplicaTask(
      TaskContext context, Iterator<Shard> partition, RoundInput input, int replica) {
    this.context = context;
    this.input = input;
    long before = System.nanoTime();
    program = input.program().value();
    parameters = input.parameters().value();
    memory = ReplicaMemory.of(input.memory(), replica);
    start = System.nanoTime();
    fetchSeconds = (start - before) / 1e9;
    while (partition.hasNext()) {
      Shard shard = partition.next();
      moved.add(CopyLedger.Reason.MOVE, shard.movedBytes());
      shard.whenClosed(SessionPool.shared()::unloadClosed);
      shards.add(shard);
      chunks.addAll(shard.chunks());
    }
    loan =
        SessionPool.shared()
            .borrow(
                program,
                input.fingerprint(),
                new SessionOptions(
                    context.cpus(), TaskGpu.of(context.resourcesJMap()), input.compute()),
                chunks);
    feed = new WindowFeed(loan.session());
    copiedBefore = loan.session().ledger().total();
    lentBefore = loan.session().chunksLent();
    sums = new MetricSums(program.metrics());
  }

  /** Takes the round's steps and returns how the variables moved. */
  static ReplicaUpdate train(
      TaskContext context, Iterator<Shard> partition, int replica, RoundInput input) {
    try (ReplicaTask task = new ReplicaTask(context, partition, input, replica)) {
      task.train(replica);
      return task.sums.examples() == 0 ? task.update(task.keep(replica)) : task.answer(replica);
    }
  }

  /** Takes the first step that has rows and tells what it consists of. */
  static StepInspection inspect(
      TaskContext context, Iterator<Shard> partition, RoundInput input, Precision precision) {
    try (ReplicaTask task = new ReplicaTask(context, partition, input, NOBODY)) {
      return task.inspect(precision);
    }
  }

  /** Evaluates all rows. */
  static ReplicaUpdate evaluate(TaskContext context, Iterator<Shard> partition, RoundInput input) {
    try (ReplicaTask task = new ReplicaTask(context, partition, input, NOBODY)) {
      task.evaluate();
      return task.update(null);
    }
  }

  @Override
  public void close() {
    try {
      feed.close();
    } finally {
      shards.stream().filter(Shard::moved).forEach(Shard::close);
    }
    loan.close();
  }

  private void train(int replica) {
    ProgramSession session = loan.session();
    List<Integer> rows = chunks.stream().map(MappedShard.Chunk::rows).toList();
    EpochOrder order =
        new EpochOrder(
            rows, program.slots().size(), input.batchSize(), input.seed(), input.epoch(), replica);
    List<NumberedChunk> numbered = numbered(replica);
    if (memory.goesOn()) {
      session.assign(parameters, memory.state());
    } else {
      session.assign(parameters);
    }
    long before = System.nanoTime();
    order.visit(
        input.from(),
        input.to(),
        (window, first, end, firstStep) -> {
          feed.load(
              chunks(window, numbered),
              order.after(window).map(next -> chunks(next, numbered)).orElse(List.of()));
          train(replica, window, first, end, input.baseStep() + firstStep);
        });
    feed.await();
    stepSeconds = (System.nanoTime() - before) / 1e9;
  }

  private void train(int replica, ChunkWindow window, int first, int end, long firstStep) {
    long seed = Permutation.mix(input.seed(), replica);
    long epochKey = Permutation.mix(input.seed(), input.epoch());
    long stateBegan = stateBegan();
    BatchRows rows = new BatchRows(input.batchSize());
    for (int batch = first; batch < end; batch += STEPS_AT_ONCE) {
      int count = Math.min(STEPS_AT_ONCE, end - batch);
      try (StepPlan plan = plan(count, input.batchSize())) {
        for (int i = 0; i < count; i++) {
          window.fill(batch + i, rows);
          long step = firstStep + (batch - first) + i;
          plan.add(rows, step, step - stateBegan, seed, epochKey);
        }
        context.killTaskIfInterrupted();
        loan.session().train(plan, input.rates(), sums);
      }
    }
  }

  private StepInspection inspect(Precision precision) {
    ProgramSession session = loan.session();
    session.assign(parameters);
    session.load(0, chunks.get(0), 0);
    BatchRows rows = new BatchRows(input.batchSize());
    for (int row = 0; row < Math.min(input.batchSize(), chunks.get(0).rows()); row++) {
      rows.add(0, row);
    }
    try (StepPlan plan = plan(1, input.batchSize())) {
      plan.add(rows, 0, input.seed(), 0);
      HeavyOps heavy = session.inspect(plan, input.rates());
      loan.done();
      boolean onGpu = TaskGpu.of(context.resourcesJMap()) != SessionOptions.NO_GPU;
      return new StepInspection(
          SparkEnv.get().executorId(), onGpu || Processor.supports(precision), heavy);
    }
  }

  /** Numbers over the data set: bucket above, rows of the bucket before a chunk below. */
  private List<NumberedChunk> numbered(int bucket) {
    List<NumberedChunk> numbered = new ArrayList<>();
    long next = (long) bucket << BITS_OF_ROWS;
    for (MappedShard.Chunk chunk : chunks) {
      numbered.add(new NumberedChunk(chunk, next));
      next += chunk.rows();
    }
    return numbered;
  }

  private static List<NumberedChunk> chunks(ChunkWindow window, List<NumberedChunk> numbered) {
    return IntStream.range(0, window.slots())
        .mapToObj(slot -> numbered.get(window.chunk(slot)))
        .toList();
  }

  private void evaluate() {
    ProgramSession session = loan.session();
    session.assign(parameters);
    BatchRows rows = new BatchRows(EVALUATION_BATCH);
    for (int i = 0; i < chunks.size(); i++) {
      MappedShard.Chunk chunk = chunks.get(i);
      feed.load(unnumbered(i), unnumbered(i + 1));
      for (int from = 0; from < chunk.rows(); from += STEPS_AT_ONCE * EVALUATION_BATCH) {
        int to = Math.min(chunk.rows(), from + STEPS_AT_ONCE * EVALUATION_BATCH);
        try (StepPlan plan = plan(STEPS_AT_ONCE, EVALUATION_BATCH)) {
          for (int start = from; start < to; start += EVALUATION_BATCH) {
            rows.clear();
            for (int row = start; row < Math.min(to, start + EVALUATION_BATCH); row++) {
              rows.add(0, row);
            }
            plan.add(rows, 0, 0, 0);
          }
          context.killTaskIfInterrupted();
          session.evaluate(plan, sums);
        }
      }
    }
  }

  /** A window of one chunk, or none after the last; evaluation does not ask for numbers. */
  private List<NumberedChunk> unnumbered(int chunk) {
    return chunk == chunks.size() ? List.of() : List.of(new NumberedChunk(chunks.get(chunk), 0));
  }

  private StepPlan plan(int steps, int maxBatch) {
    return new StepPlan(ExecutorMemory.STEPS, steps, maxBatch, program.slots().size());
  }

  /** Publishes a delta and tells where. */
  private ReplicaUpdate answer(int replica) {
    DeltaForm form = input.form();
    FlatVector delta = input.parameters().spares().take(parameters.size());
    DeltaNorm norm = loan.session().readDelta(parameters, delta);
    ReplicaMemory next = memory.next(stateBegan());
    List<ByteBuffer> slices = form.encode(delta, next.residual());
    loan.session().readLast(next.state());
    Address kept = next.publish(input.parameters(), context, input.memory(), replica);
    Address address =
        input
            .parameters()
            .answer(
                context,
                "delta_r" + replica,
                slices,
                form.codec() == DeltaCodec.FLOAT32 ? delta : null);
    ReplicaUpdate update =
        new ReplicaUpdate(
            outcome(norm.finite() && hasFiniteLoss(), norm.squared()),
            address,
            DeltaForm.checksum(slices),
            kept);
    delta.letGo();
    return update;
  }

  /** Publishes what the replica kept before once more, as it took no step. */
  private Address keep(int replica) {
    return memory.begins()
        ? null
        : memory.publish(input.parameters(), context, input.memory(), replica);
  }

  /** The step of the training before which the optimizer had no state. */
  private long stateBegan() {
    if (input.optimizerState() == Averaging.OptimizerState.AVERAGED) {
      return 0;
    }
    return memory.goesOn() ? memory.began() : input.baseStep() + input.from();
  }

  private ReplicaUpdate update(Address kept) {
    return new ReplicaUpdate(outcome(hasFiniteLoss(), 0), null, 0, kept);
  }

  private ReplicaUpdate.Outcome outcome(boolean finite, double squaredNorm) {
    Map<CopyLedger.Reason, Long> copied = new EnumMap<>(moved.snapshot());
    copied.put(CopyLedger.Reason.UNALIGNED, loan.session().ledger().total() - copiedBefore);
    loan.done();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new ReplicaUpdate.Outcome(
        sums,
        finite,
        squaredNorm,
        memory.lost(),
        copied,
        loan.session().chunksLent() - lentBefore,
        SparkEnv.get().executorId(),
        input.parameters().received(),
        fetchSeconds,
        stepSeconds,
        seconds);
  }

  private boolean hasFiniteLoss() {
    return sums.weight() == 0 || Double.isFinite(sums.loss());
  }
}
