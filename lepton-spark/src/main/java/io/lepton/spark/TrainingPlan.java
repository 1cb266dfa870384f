package io.lepton.spark;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SliceStream;
import io.lepton.tf.BatchRows;
import io.lepton.tf.MetricSums;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.StepPlan;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.CompiledModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * What a training would take.
 *
 * @param rows of the training set
 * @param shards one for each replica, at least
 * @param shardBytes of all of them
 * @param parameters of the model, without optimizer state
 * @param stepsPerEpoch of a replica
 * @param rounds at most
 * @param bytesPerRound parameters down and deltas up, every replica counted once each way
 * @param driverBytes parameters and optimizer state, their successors and the best ones, slices of
 *     deltas and a moving average
 * @param executorBytes parameters, optimizer state, delta and loaded chunks of each replica, mapped
 *     shards not counted
 * @param secondsPerStep measured here on rows of zeros
 * @param seconds of computing on the cores at hand
 */
public record TrainingPlan(
    long rows,
    int shards,
    long shardBytes,
    long parameters,
    long stepsPerEpoch,
    long rounds,
    long bytesPerRound,
    long driverBytes,
    long executorBytes,
    double secondsPerStep,
    double seconds) {
  private static final int MEASURED_STEPS = 20;
  private static final long LOADED_BYTES = 128 << 20;

  /**
   * Plans a training.
   *
   * @param cores that replicas can run on side by side
   */
  public static TrainingPlan of(TrainingJob job, CompiledModel compiled, long rows, int cores) {
    TrainingOptions options = job.options();
    TrainingProgram program = compiled.program();
    long vector = program.vectorSize() * Float.BYTES;
    long rowBytes = program.columns().stream().mapToLong(ColumnSpec::bytesPerExample).sum();
    long perReplica = (rows + options.replicas() - 1) / options.replicas();
    long steps = (perReplica + options.batchSize() - 1) / options.batchSize();
    long roundsPerEpoch = (steps + options.localSteps() - 1) / options.localSteps();
    double step = measure(compiled, options.batchSize());
    int waves = (options.replicas() + cores - 1) / cores;
    return new TrainingPlan(
        rows,
        options.replicas(),
        rows * rowBytes,
        program.weights(),
        steps,
        roundsPerEpoch * options.epochs(),
        2 * vector * options.replicas(),
        (options.ema().isPresent() ? 6 : 3) * vector
            + Math.min(6 * vector, 2L * Publisher.SLICE + SliceStream.BUDGET),
        3 * vector + Math.min(LOADED_BYTES, perReplica * rowBytes),
        step,
        step * steps * options.epochs() * waves);
  }

  private static double measure(CompiledModel compiled, int batch) {
    TrainingProgram program = compiled.program();
    FlatVector parameters = FlatVector.allocate(program.vectorSize());
    parameters.bytes().put(compiled.initialParameters());
    try (BufferAllocator memory = AlignedMemory.root(Long.MAX_VALUE)) {
      Path path = Files.createTempDirectory("lepton-plan").resolve("zeros.arrow");
      try (ChunkBuffer chunk = new ChunkBuffer(program.columns(), batch, memory);
          ShardWriter writer = new ShardWriter(path, program.columns())) {
        for (int i = 0; i < program.columns().size(); i++) {
          long bytes = (long) batch * program.columns().get(i).bytesPerExample();
          MemoryUtil.setMemory(chunk.address(i), bytes, (byte) 0);
        }
        chunk.take(batch);
        writer.write(chunk);
        writer.finish();
      }
      try (MappedShard shard = MappedShard.open(path, memory);
          ProgramSession session = new ProgramSession(program, SessionOptions.SINGLE_THREAD);
          StepPlan plan = new StepPlan(memory, MEASURED_STEPS, batch, program.slots().size())) {
        BatchRows rows = new BatchRows(batch);
        for (int row = 0; row < batch; row++) {
          rows.add(0, row);
        }
        for (int step = 0; step < MEASURED_STEPS; step++) {
          plan.add(rows, step, 0, 0);
        }
        session.assign(parameters);
        session.load(0, shard.chunks().get(0), 0);
        session.train(plan, 1e-6f, new MetricSums(program.metrics()));
        long start = System.nanoTime();
        session.train(plan, 1e-6f, new MetricSums(program.metrics()));
        return (System.nanoTime() - start) / 1e9 / MEASURED_STEPS;
      } finally {
        Files.delete(path);
        Files.delete(path.getParent());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
