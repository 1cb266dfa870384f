package io.lepton.benchmarks;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.tf.BatchRows;
import io.lepton.tf.MetricSums;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.StepPlan;
import io.lepton.tf.TrainingProgram;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A program stepped with nothing around it: one session, one loaded chunk, every batch decided
 * beforehand, no Spark, no averaging, no evaluation.
 */
final class BareLoop {
  private final TrainingProgram program;
  private final FlatVector initial;
  private final float learningRate;
  private final MappedShard.Chunk chunk;
  private final BufferAllocator allocator;

  /** A loop over random rows of a chunk. */
  BareLoop(
      TrainingProgram program,
      FlatVector initial,
      double learningRate,
      MappedShard.Chunk chunk,
      BufferAllocator allocator) {
    this.program = program;
    this.initial = initial;
    this.learningRate = (float) learningRate;
    this.chunk = chunk;
    this.allocator = allocator;
  }

  /**
   * Examples a second of some steps in a new session of one thread.
   *
   * @param warmup steps before them, not counted
   */
  double examplesPerSecond(int warmup, int steps, int batch) {
    return examplesPerSecond(SessionOptions.SINGLE_THREAD, warmup, steps, batch);
  }

  /** The same in a session of other options. Any thread. */
  double examplesPerSecond(SessionOptions options, int warmup, int steps, int batch) {
    Random random = new Random(7);
    MetricSums sums = new MetricSums(program.metrics());
    try (ProgramSession session = new ProgramSession(program, options);
        StepPlan first = plan(random, 0, warmup, batch);
        StepPlan measured = plan(random, warmup, steps, batch)) {
      session.assign(initial);
      session.load(0, chunk, 0);
      session.train(first, learningRate, sums);
      double seconds = Stopwatch.seconds(() -> session.train(measured, learningRate, sums));
      return measured.examples() / seconds;
    }
  }

  private StepPlan plan(Random random, int from, int steps, int batch) {
    StepPlan plan = new StepPlan(allocator, steps, batch, 1);
    BatchRows rows = new BatchRows(batch);
    for (int step = 0; step < steps; step++) {
      rows.clear();
      for (int i = 0; i < batch; i++) {
        rows.add(0, random.nextInt(chunk.rows()));
      }
      plan.add(rows, from + step, 7, 0);
    }
    return plan;
  }
}
