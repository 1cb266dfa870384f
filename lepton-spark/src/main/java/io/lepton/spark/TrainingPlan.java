package io.lepton.spark;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.spark.averaging.Situation;
import io.lepton.tf.BatchRows;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.MetricSums;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.StepPlan;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.CompiledModel;
import io.lepton.tf.schedule.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * What a training would take.
 *
 * @param rows of the training set
 * @param shards one for each replica, at least
 * @param shardBytes of all of them
 * @param parameters of the model, without optimizer state
 * @param stepsPerEpoch of a replica, in the first one
 * @param rounds if each takes as many local steps as the first, and the batch grows as far as can
 *     be known without training
 * @param round the first one
 * @param executorBytes those of the round and the loaded chunks of the replicas that run side by
 *     side; mapped shards not counted
 * @param seconds of all rounds, if each costs what the first does
 */
public record TrainingPlan(
    long rows,
    int shards,
    long shardBytes,
    long parameters,
    long stepsPerEpoch,
    long rounds,
    RoundForecast round,
    long executorBytes,
    double seconds) {
  private static final int MEASURED_STEPS = 20;
  private static final long LOADED_BYTES = 128 << 20;

  /**
   * Plans a training; measures a step on rows of zeros unless one was measured.
   *
   * @param taskSeconds of one more replica on the driver
   * @param measured in an earlier run on such machines; empty to assume what rounds cost
   */
  public static TrainingPlan of(
      TrainingJob job,
      CompiledModel compiled,
      long rows,
      ClusterSize cluster,
      double taskSeconds,
      Optional<MeasuredCosts> measured) {
    TrainingOptions options = job.options();
    TrainingProgram program = compiled.program();
    long rowBytes = program.columns().stream().mapToLong(ColumnSpec::bytesPerExample).sum();
    long perReplica = upwards(rows, options.replicas());
    long steps = upwards(perReplica, options.batchSize());
    long localSteps = Math.min(steps, firstLocalSteps(job, steps));
    RoundShape shape = RoundShape.of(options, program, cluster, localSteps);
    double step =
        measured
            .filter(it -> it.isOf(shape, options.batchSize()))
            .map(MeasuredCosts::stepSeconds)
            .orElseGet(() -> measure(compiled, options.batchSize(), threads(options, cluster)));
    RoundCosts costs =
        measured
            .map(it -> it.costs(taskSeconds).withStep(step).ofModel(it.isOf(shape)))
            .orElse(RoundCosts.assumed(cluster, step).withTasks(taskSeconds));
    RoundForecast round = new RoundForecast(shape, costs);
    long rounds = 0;
    double computing = 0;
    int size = options.batchSize();
    double stepSeconds = round.costs().stepSeconds();
    for (int epoch = 1; epoch <= options.epochs(); epoch++) {
      long stepsOfEpoch = upwards(perReplica, size);
      rounds += upwards(stepsOfEpoch, localSteps);
      computing += stepSeconds * stepsOfEpoch * shape.replicasPerCore();
      int next = options.sizeAfter(epoch, size);
      if (next != size && epoch < options.epochs()) {
        stepSeconds = measure(compiled, next, threads(options, cluster));
      }
      size = next;
    }
    return new TrainingPlan(
        rows,
        options.replicas(),
        rows * rowBytes,
        program.weights(),
        steps,
        rounds,
        round,
        round.executorBytes() + shape.sideBySide() * Math.min(LOADED_BYTES, perReplica * rowBytes),
        computing + rounds * round.syncSeconds());
  }

  private static long upwards(long count, long each) {
    return (count + each - 1) / each;
  }

  /** Those of the first round, which rules may change in later ones. */
  private static long firstLocalSteps(TrainingJob job, long stepsPerEpoch) {
    TrainingOptions options = job.options();
    Timeline timeline = new Timeline(stepsPerEpoch * options.epochs(), options.epochs());
    double rate = job.learningRate() * options.schedule().factor(0, timeline);
    return options
        .averaging()
        .localSteps()
        .next(new Situation(0, timeline, rate, options.replicas(), null));
  }

  private static int threads(TrainingOptions options, ClusterSize cluster) {
    return Placement.of(cluster, options, OptionalInt.empty()).threads();
  }

  private static double measure(CompiledModel compiled, int batch, int threads) {
    TrainingProgram program = compiled.program();
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
          ProgramSession session =
              new ProgramSession(
                  program,
                  new SessionOptions(threads, SessionOptions.NO_GPU, ComputeOptions.DEFAULT));
          StepPlan plan = new StepPlan(memory, MEASURED_STEPS, batch, program.slots().size())) {
        BatchRows rows = new BatchRows(batch);
        for (int row = 0; row < batch; row++) {
          rows.add(0, row);
        }
        for (int step = 0; step < MEASURED_STEPS; step++) {
          plan.add(rows, step, 0, 0);
        }
        session.assign(compiled.initialParameters());
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
