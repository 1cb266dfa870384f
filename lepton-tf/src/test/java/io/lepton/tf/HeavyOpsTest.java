package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeavyOpsTest {
  private static final int ROWS = 32;

  /** Two products forward, two for the kernels' gradients, one for the hidden layer's. */
  private static final int PRODUCTS = 5;

  private static final TrainingProgram PROGRAM =
      LinearModel.program(new Optimizer.Sgd(0.1, 0), new Layer.Dense(16, Activation.RELU, true));

  @TempDir private Path directory;
  private int shards;

  private interface Use<R> {
    R of(ProgramSession session, StepPlan plan);
  }

  @Test
  void withoutMixedPrecisionAllProductsAreInFloat32() throws IOException {
    HeavyOps heavy =
        use(options(Precision.FLOAT32), (session, plan) -> session.inspect(plan, step -> 0));
    assertThat(heavy.counts()).isEqualTo(Map.of("float", PRODUCTS));
    assertThat(heavy.lowShare()).isZero();
  }

  @Test
  void withMixedPrecisionAllProductsAreInBfloat16() throws IOException {
    assumeTrue(
        Processor.supports(Precision.MIXED_BFLOAT16), "this processor does not know bfloat16");
    HeavyOps heavy =
        use(options(Precision.MIXED_BFLOAT16), (session, plan) -> session.inspect(plan, step -> 0));
    assertThat(heavy.counts()).isEqualTo(Map.of("bfloat16", PRODUCTS));
    assertThat(heavy.lowShare()).isEqualTo(1);
  }

  @Test
  void theInspectedStepIsAStepLikeAnyOther() throws IOException {
    float[] trained =
        use(
            options(Precision.FLOAT32),
            (session, plan) -> {
              session.train(plan, 0.1f, new MetricSums(PROGRAM.metrics()));
              return read(session);
            });
    float[] inspected =
        use(
            options(Precision.FLOAT32),
            (session, plan) -> {
              session.inspect(plan, step -> 0.1f);
              return read(session);
            });
    assertThat(inspected).isEqualTo(trained);
  }

  @Test
  void masterWeightsKeepStepsThatBfloat16WouldLose() throws IOException {
    float[] still = use(options(Precision.MIXED_BFLOAT16), (session, plan) -> read(session));
    float[] moved =
        use(
            options(Precision.MIXED_BFLOAT16),
            (session, plan) -> {
              session.train(plan, 1e-8f, new MetricSums(PROGRAM.metrics()));
              return read(session);
            });
    double largest =
        IntStream.range(0, still.length)
            .mapToDouble(i -> Math.abs(moved[i] - still[i]))
            .max()
            .orElseThrow();
    assertThat(largest).isPositive().isLessThan(Math.scalb(1, -9));
  }

  @Test
  void aGpuThatIsNotThereLeavesTheWorkToTheProcessor() throws IOException {
    float[] onProcessor = use(options(Precision.FLOAT32), HeavyOpsTest::step);
    SessionOptions missing = new SessionOptions(1, 7, ComputeOptions.DEFAULT);
    assertThat(use(missing, HeavyOpsTest::step)).isEqualTo(onProcessor);
  }

  private static float[] step(ProgramSession session, StepPlan plan) {
    session.train(plan, 0.1f, new MetricSums(PROGRAM.metrics()));
    return read(session);
  }

  private static SessionOptions options(Precision precision) {
    return new SessionOptions(1, SessionOptions.NO_GPU, ComputeOptions.DEFAULT.in(precision));
  }

  private static float[] read(ProgramSession session) {
    FlatVector into = FlatVector.allocate(PROGRAM.vectorSize());
    session.read(into);
    float[] values = new float[(int) into.size()];
    into.floats().get(values);
    return values;
  }

  private <R> R use(SessionOptions options, Use<R> use) throws IOException {
    Path path = directory.resolve("shard" + shards++);
    try (BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
        MappedShard shard = MappedShard.open(LinearModel.shard(path, root, ROWS, ROWS), root);
        ProgramSession session = new ProgramSession(PROGRAM, options);
        StepPlan plan = new StepPlan(root, 1, ROWS, 1)) {
      plan.add(LinearModel.batch(IntStream.range(0, ROWS).toArray()), 0, 0, 0);
      session.assign(LinearModel.parameters(PROGRAM));
      session.load(0, shard.chunks().get(0), 0);
      return use.of(session, plan);
    }
  }
}
