package io.lepton.spark;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.spark.ingest.ExecutorMemory;
import io.lepton.spark.ingest.Permutation;
import io.lepton.spark.ingest.Shard;
import io.lepton.tf.MetricSums;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.StepPlan;
import io.lepton.tf.TrainingProgram;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * One replica's part of a round, or one bucket's part of an evaluation, inside a Spark task: a
 * function of its arguments and nothing else, so that Spark may repeat it.
 */
final class ReplicaTask implements AutoCloseable {
  private static final int EVALUATION_BATCH = 256;
  private static final int STEPS_AT_ONCE = 64;

  private final TaskContext context;
  private final RoundInput input;
  private final TrainingProgram program;
  private final FlatVector parameters;
  private final SessionPool.Loan loan;
  private final MetricSums sums;
  private final List<Shard> shards = new ArrayList<>();
  private final List<MappedShard.Chunk> chunks = new ArrayList<>();
  private final CopyLedger moved = new CopyLedger();
  private final long copiedBefore;
  private final double fetchSeconds;
  private final long start;

  private ReplicaTask(TaskContext context, Iterator<Shard> partition, RoundInput input) {
    this.context = context;
    this.input = input;
    long before = System.nanoTime();
    program = input.program().value();
    parameters = input.parameters().value();
    start = System.nanoTime();
    fetchSeconds = (start - before) / 1e9;
    while (partition.hasNext()) {
      Shard shard = partition.next();
      shard.countMove(moved);
      shards.add(shard);
      chunks.addAll(shard.chunks());
    }
    loan =
        SessionPool.shared()
            .borrow(program, input.fingerprint(), new SessionOptions(context.cpus()));
    copiedBefore = loan.session().ledger().total();
    sums = new MetricSums(program.metrics());
  }

  /** Takes the round's steps and returns how the variables moved. */
  static ReplicaUpdate train(
      TaskContext context, Iterator<Shard> partition, int replica, RoundInput input) {
    try (ReplicaTask task = new ReplicaTask(context, partition, input)) {
      FlatVector delta = task.train(replica);
      return task.update(delta);
    }
  }

  /** Evaluates all rows. */
  static ReplicaUpdate evaluate(TaskContext context, Iterator<Shard> partition, RoundInput input) {
    try (ReplicaTask task = new ReplicaTask(context, partition, input)) {
      task.evaluate();
      return task.update(null);
    }
  }

  @Override
  public void close() {
    loan.close();
    shards.stream().filter(Shard::moved).forEach(Shard::close);
  }

  private FlatVector train(int replica) {
    ProgramSession session = loan.session();
    List<Integer> rows = chunks.stream().map(MappedShard.Chunk::rows).toList();
    EpochOrder order =
        new EpochOrder(rows, input.batchSize(), input.seed(), input.epoch(), replica);
    long seed = Permutation.mix(input.seed(), replica);
    session.assign(parameters);
    order.visit(
        input.from(),
        input.to(),
        (chunk, first, end, firstStep) -> {
          session.load(chunks.get(chunk), 0);
          Permutation permutation = order.rows(chunk);
          for (int batch = first; batch < end; batch += STEPS_AT_ONCE) {
            int count = Math.min(STEPS_AT_ONCE, end - batch);
            try (StepPlan plan = new StepPlan(ExecutorMemory.STEPS, count, input.batchSize())) {
              for (int i = 0; i < count; i++) {
                long step = input.baseStep() + firstStep + (batch - first) + i;
                int size = order.batchRows(chunk, batch + i);
                plan.add(size, step, seed);
                int position = (batch + i) * input.batchSize();
                for (int row = 0; row < size; row++) {
                  plan.setRow(row, permutation.apply(position + row));
                }
              }
              context.killTaskIfInterrupted();
              session.train(plan, input.learningRate(), sums);
            }
          }
        });
    if (sums.examples() == 0) {
      return null;
    }
    FlatVector delta = FlatVector.allocate(parameters.size());
    session.readDelta(parameters, delta);
    return delta;
  }

  private void evaluate() {
    ProgramSession session = loan.session();
    session.assign(parameters);
    for (MappedShard.Chunk chunk : chunks) {
      session.load(chunk, 0);
      for (int from = 0; from < chunk.rows(); from += STEPS_AT_ONCE * EVALUATION_BATCH) {
        int to = Math.min(chunk.rows(), from + STEPS_AT_ONCE * EVALUATION_BATCH);
        try (StepPlan plan = new StepPlan(ExecutorMemory.STEPS, STEPS_AT_ONCE, EVALUATION_BATCH)) {
          for (int row = from; row < to; row++) {
            if ((row - from) % EVALUATION_BATCH == 0) {
              plan.add(Math.min(EVALUATION_BATCH, to - row), 0, 0);
            }
            plan.setRow((row - from) % EVALUATION_BATCH, row);
          }
          context.killTaskIfInterrupted();
          session.evaluate(plan, sums);
        }
      }
    }
  }

  private ReplicaUpdate update(FlatVector delta) {
    Map<CopyLedger.Reason, Long> copied = new EnumMap<>(moved.snapshot());
    copied.put(CopyLedger.Reason.UNALIGNED, loan.session().ledger().total() - copiedBefore);
    loan.done();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new ReplicaUpdate(
        new ReplicaUpdate.Outcome(
            sums, isFinite(delta), copied, SparkEnv.get().executorId(), fetchSeconds, seconds),
        delta);
  }

  private boolean isFinite(FlatVector delta) {
    if (sums.weight() > 0 && !Double.isFinite(sums.loss())) {
      return false;
    }
    for (int i = 0; delta != null && i < delta.size(); i++) {
      if (!Float.isFinite(delta.get(i))) {
        return false;
      }
    }
    return true;
  }
}
