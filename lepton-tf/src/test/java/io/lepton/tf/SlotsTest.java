package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Augmentation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelInput;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several chunks at a time. */
class SlotsTest {
  private static final int SLOTS = 3;
  private static final int CHUNK = 20;
  private static final int ROWS = 53;
  private static final float RATE = 0.25f;
  private static final TrainingProgram PROGRAM =
      LinearModel.program(SLOTS, new Optimizer.Sgd(RATE, 0));

  private final int lentBefore = TensorLease.outstanding();
  private final BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
  private final ProgramSession session = session(PROGRAM);

  @TempDir private Path directory;
  private MappedShard shard;

  @BeforeEach
  void openShard() throws IOException {
    shard = MappedShard.open(LinearModel.shard(directory.resolve("0"), root, ROWS, CHUNK), root);
    assertThat(shard.chunks()).hasSize(SLOTS);
  }

  @AfterEach
  void nothingWasCopiedAndNothingIsLeftOut() {
    assertThat(session.ledger().total()).isZero();
    session.close();
    shard.close();
    root.close();
    assertThat(TensorLease.outstanding()).isEqualTo(lentBefore);
  }

  @Test
  void stepsOnRowsOfSeveralChunksAreThoseOfGradientDescentWorkedOutInJava() {
    FlatVector start = LinearModel.parameters(PROGRAM);
    double[] line = {start.get(0), start.get(1), start.get(2), start.get(16)};
    double loss = 0;
    session.assign(start);
    loadAll(session);
    MetricSums sums = new MetricSums(PROGRAM.metrics());
    Random random = new Random(4);
    try (StepPlan plan = new StepPlan(root, 20, 9, SLOTS)) {
      for (int step = 0; step < 20; step++) {
        int[] rows = random.ints(1 + random.nextInt(9), 0, ROWS).toArray();
        plan.add(batch(rows), step, 0, 0);
        loss += rows.length * LinearModel.step(line, rows, RATE);
      }
      session.train(plan, RATE, sums);
    }
    FlatVector now = FlatVector.allocate(PROGRAM.vectorSize());
    session.read(now);
    assertThat(new double[] {now.get(0), now.get(1), now.get(2), now.get(16)})
        .containsExactly(line, within(1e-5));
    assertThat(sums.loss()).isCloseTo(loss / sums.examples(), within(1e-5));
  }

  @Test
  void slotsWithoutRowsMayBeEmpty() {
    FlatVector start = LinearModel.parameters(PROGRAM);
    session.assign(start);
    session.load(1, shard.chunks().get(1), 0);
    int[] rows = {CHUNK, CHUNK + 7};
    double[] line = {start.get(0), start.get(1), start.get(2), start.get(16)};
    assertThat(evaluate(rows)).isCloseTo(LinearModel.step(line, rows, RATE), within(1e-6));
    assertThatThrownBy(() -> evaluate(0)).hasMessageContaining("is not in [0, 0)");
  }

  @Test
  void everySlotGivesItsOwnChunkBack() {
    long leases = TensorLease.outstanding();
    long lent = root.getAllocatedMemory();
    loadAll(session);
    shard.close();
    assertThat(root.getAllocatedMemory()).isEqualTo(lent);
    List<NumberedChunk> chunks =
        shard.chunks().stream().map(chunk -> new NumberedChunk(chunk, 0)).toList();
    for (int left = SLOTS - 1; left >= 0; left--) {
      session.load(chunks.subList(0, left));
      assertThat(root.getAllocatedMemory()).isLessThan(lent);
      lent = root.getAllocatedMemory();
    }
    assertThat(lent).isZero();
    assertThat(TensorLease.outstanding()).isEqualTo((int) leases);
  }

  @Test
  void aPlanForAnotherNumberOfSlotsIsRefused() {
    MetricSums sums = new MetricSums(PROGRAM.metrics());
    try (StepPlan plan = new StepPlan(root, 1, 1, 1)) {
      for (Runnable use :
          List.<Runnable>of(
              () -> session.train(plan, RATE, sums), () -> session.evaluate(plan, sums))) {
        assertThatThrownBy(use::run)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("a plan must be for the program's 3 slots, but was for: 1");
      }
    }
  }

  @Test
  void anExampleIsAugmentedAlikeInEverySlot() {
    TrainingProgram noisy = noisy();
    try (ProgramSession first = session(noisy);
        ProgramSession second = session(noisy)) {
      loadAll(first);
      second.load(0, shard.chunks().get(2), 2 * CHUNK);
      second.load(2, shard.chunks().get(0), 0);
      for (ProgramSession session : List.of(first, second)) {
        session.assign(LinearModel.parameters(noisy));
      }
      double loss = noisyLoss(first, 0, 3, 2, 5);
      assertThat(noisyLoss(second, 2, 3, 0, 5)).isEqualTo(loss);
      assertThat(noisyLoss(second, 2, 5, 0, 3)).isNotEqualTo(loss);
    }
  }

  private static TrainingProgram noisy() {
    List<Augmentation> noise = List.of(new Augmentation.GaussianNoise(1));
    ColumnSpec features =
        new ColumnSpec("features", ElementType.FLOAT32, List.of(LinearModel.FEATURES));
    ColumnSpec label = new ColumnSpec("label", ElementType.FLOAT32, List.of());
    ModelSpec spec =
        new ModelSpec(
            List.of(new ModelInput(features, List.of(), noise)),
            List.of(Target.of(label, new Loss.SquaredError())),
            false,
            Node.chain(new Layer.Dense(1, Activation.LINEAR, true)),
            new Optimizer.Sgd(0.1, 0));
    return ModelCompiler.compile(spec, 7, SLOTS).program();
  }

  private double noisyLoss(ProgramSession session, int slot, int row, int other, int otherRow) {
    MetricSums sums = new MetricSums(session.program().metrics());
    BatchRows batch = new BatchRows(2);
    batch.add(slot, row);
    batch.add(other, otherRow);
    try (StepPlan plan = new StepPlan(root, 1, 2, SLOTS)) {
      plan.add(batch, 0, 0, 5);
      session.train(plan, 0, sums);
    }
    return sums.loss();
  }

  private double evaluate(int... rows) {
    MetricSums sums = new MetricSums(PROGRAM.metrics());
    try (StepPlan plan = new StepPlan(root, 1, rows.length, SLOTS)) {
      plan.add(batch(rows), 0, 0, 0);
      session.evaluate(plan, sums);
    }
    return sums.loss();
  }

  private void loadAll(ProgramSession session) {
    for (int slot = 0; slot < SLOTS; slot++) {
      session.load(slot, shard.chunks().get(slot), (long) slot * CHUNK);
    }
  }

  /** Rows of the data set, each chunk in the slot of its own number. */
  private static BatchRows batch(int... rows) {
    BatchRows batch = new BatchRows(rows.length);
    for (int row : rows) {
      batch.add(row / CHUNK, row % CHUNK);
    }
    return batch;
  }

  private static ProgramSession session(TrainingProgram program) {
    return new ProgramSession(program, SessionOptions.SINGLE_THREAD);
  }
}
