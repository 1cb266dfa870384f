package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;

class ProgramSessionTest {
  private static final TrainingProgram PROGRAM = LinearModel.SGD;
  private static final int ROWS = 64;
  private static final float RATE = 0.25f;

  private final int lentBefore = TensorLease.outstanding();
  private final BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
  private final ProgramSession session = session(PROGRAM);
  private final FlatVector start = LinearModel.parameters(PROGRAM);

  @TempDir private Path directory;
  private MappedShard shard;

  @BeforeEach
  void openShard() throws IOException {
    shard = MappedShard.open(LinearModel.shard(directory.resolve("0"), root, ROWS, ROWS), root);
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
  void readGivesWhatWasAssigned() {
    session.assign(start);
    assertThat(read(session)).isEqualTo(values(start));
  }

  @Test
  void readLeavesPaddingAsItIs() {
    FlatVector into = FlatVector.allocate(PROGRAM.vectorSize());
    into.set(LinearModel.FEATURES, 42);
    session.assign(start);
    session.read(into);
    assertThat(into.get(LinearModel.FEATURES)).isEqualTo(42);
  }

  @Test
  void assignedVectorIsLentUntilTheFirstStepWhichLeavesItAsItWas() {
    float[] before = values(start);
    int lent = TensorLease.outstanding();
    session.assign(start);
    assertThat(TensorLease.outstanding()).isEqualTo(lent + PROGRAM.variables().size());

    session.load(0, shard.chunks().get(0), 0);
    int loaded = TensorLease.outstanding();
    train(session, 1);

    assertThat(TensorLease.outstanding()).isEqualTo(loaded - PROGRAM.variables().size());
    assertThat(values(start)).isEqualTo(before);
    assertThat(read(session)).isNotEqualTo(before);
  }

  @Test
  void assignedAnewTheFormerVectorIsGivenBack() {
    session.assign(start);
    int lent = TensorLease.outstanding();
    session.assign(start.copy());
    assertThat(TensorLease.outstanding()).isEqualTo(lent);
  }

  @Test
  void readDeltaIsVariablesMinusStart() {
    session.assign(start);
    session.load(0, shard.chunks().get(0), 0);
    train(session, 3);
    FlatVector delta = FlatVector.allocate(PROGRAM.vectorSize());
    for (int i = 0; i < delta.size(); i++) {
      delta.set(i, Float.NaN);
    }
    session.readDelta(start, delta);

    float[] now = read(session);
    for (int i = 0; i < now.length; i++) {
      assertThat(delta.get(i)).isEqualTo(now[i] - start.get(i));
    }
    assertThat(delta.get(0)).isNotZero();
  }

  @Test
  void stepsAreThoseOfGradientDescentWorkedOutInJava() {
    session.assign(start);
    session.load(0, shard.chunks().get(0), 0);
    MetricSums sums = train(session, 20);

    double[] line = {start.get(0), start.get(1), start.get(2), start.get(16)};
    double loss = 0;
    for (int step = 0; step < 20; step++) {
      loss += rows(step).length * LinearModel.step(line, rows(step), RATE);
    }
    float[] now = read(session);
    assertThat(new double[] {now[0], now[1], now[2], now[16]}).containsExactly(line, within(1e-5));
    assertThat(sums.weight()).isEqualTo((double) sums.examples());
    assertThat(sums.loss()).isCloseTo(loss / sums.weight(), within(1e-5));
    assertThat(sums.value("mse")).isEqualTo(sums.loss());
  }

  @Test
  void evaluationChangesNothingAndGivesTheLossOfTheAssignedParameters() {
    session.assign(start);
    session.load(0, shard.chunks().get(0), 0);
    MetricSums sums = new MetricSums(PROGRAM.metrics());
    try (StepPlan plan = plan(1)) {
      session.evaluate(plan, sums);
    }
    double[] line = {start.get(0), start.get(1), start.get(2), start.get(16)};
    assertThat(sums.loss()).isCloseTo(LinearModel.step(line, rows(0), RATE), within(1e-6));
    assertThat(read(session)).isEqualTo(values(start));
  }

  @Test
  void twoSessionsOfAProgramKnowNothingOfEachOther() {
    try (ProgramSession other = session(PROGRAM)) {
      session.assign(start);
      other.assign(start);
      session.load(0, shard.chunks().get(0), 0);
      train(session, 5);

      assertThat(read(other)).isEqualTo(values(start));
      assertThatThrownBy(() -> train(other, 1))
          .isInstanceOf(TFInvalidArgumentException.class)
          .hasMessageContaining("is not in [0, 0)");
    }
  }

  @Test
  void samePlanFromSameParametersGivesSameBits() {
    TrainingProgram random =
        LinearModel.program(new Optimizer.Adam(0.01, 0.9, 0.999, 1e-7), new Layer.Dropout(0.3));
    FlatVector from = LinearModel.parameters(random);
    float[] first = trained(random, from);
    try (ProgramSession again = session(random)) {
      for (int time = 0; time < 2; time++) {
        again.assign(from);
        again.load(0, shard.chunks().get(0), 0);
        train(again, 10);
        assertThat(read(again)).isEqualTo(first);
      }
    }
  }

  @Test
  void vectorsOfAnotherSizeAreRefused() {
    FlatVector wrong = FlatVector.allocate(PROGRAM.vectorSize() + 16);
    session.assign(start);
    for (Runnable use :
        List.<Runnable>of(
            () -> session.assign(wrong),
            () -> session.read(wrong),
            () -> session.readDelta(wrong, start),
            () -> session.readDelta(start, wrong))) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a vector of parameters must have 32 elements, but had: 48");
    }
    assertThat(read(session)).isEqualTo(values(start));
  }

  @Test
  void rowOutsideTheChunkIsRefusedAndTheSessionGoesOn() {
    session.assign(start);
    session.load(0, shard.chunks().get(0), 0);
    try (StepPlan plan = new StepPlan(root, 1, 1, 1)) {
      plan.add(LinearModel.batch(ROWS), 0, 0, 0);
      MetricSums sums = new MetricSums(PROGRAM.metrics());
      assertThatThrownBy(() -> session.train(plan, RATE, sums))
          .isInstanceOf(TFInvalidArgumentException.class)
          .hasMessageContaining("indices[0] = 64 is not in [0, 64)");
      assertThat(sums.examples()).isZero();
    }
    assertThat(read(session)).isEqualTo(values(start));
    assertThat(train(session, 1).examples()).isPositive();
  }

  @Test
  void loadTellsTheNumberOfTheChunksFirstExample() throws IOException {
    GraphDef.Builder graph = GraphDef.parseFrom(PROGRAM.graphDef()).toBuilder();
    graph
        .addNodeBuilder()
        .setName("numbers")
        .setOp("Cast")
        .addInput("example_ids")
        .putAttr("SrcT", AttrValue.newBuilder().setType(DataType.DT_INT64).build())
        .putAttr("DstT", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build());
    TrainingProgram numbering =
        copy(PROGRAM, graph.build().toByteArray(), PROGRAM.trainOp(), "numbers:0");
    try (ProgramSession session = session(numbering)) {
      session.load(0, shard.chunks().get(0), 1000);
      MetricSums numbers = new MetricSums(Metric.means(List.of("third", "fourth")));
      try (StepPlan plan = new StepPlan(root, 1, 4, 1)) {
        plan.add(LinearModel.batch(0, 7, 63, 0), 0, 0, 0);
        session.evaluate(plan, numbers);
      }
      assertThat(numbers.weight()).isEqualTo(1007);
      assertThat(numbers.value("third") * 1007).isCloseTo(1063, within(1e-9));
    }
  }

  @Test
  void programWithAPortThatIsNotThereIsRefused() {
    TrainingProgram broken =
        copy(PROGRAM, PROGRAM.graphDef(), "no-such-op", PROGRAM.evaluateSummary());
    assertThatThrownBy(() -> session(broken))
        .hasMessage("a port must name an operation of the program's graph, but was: no-such-op");
  }

  private static TrainingProgram copy(
      TrainingProgram program, byte[] graph, String trainOp, String evaluateSummary) {
    return new TrainingProgram(
        graph,
        program.columns(),
        program.slots(),
        program.indices(),
        program.counts(),
        program.learningRate(),
        program.step(),
        program.seed(),
        trainOp,
        program.trainSummary(),
        evaluateSummary,
        program.metrics(),
        program.variables(),
        program.assignOp());
  }

  private float[] trained(TrainingProgram program, FlatVector from) {
    try (ProgramSession session = session(program)) {
      session.assign(from);
      session.load(0, shard.chunks().get(0), 0);
      train(session, 10);
      return read(session);
    }
  }

  private static ProgramSession session(TrainingProgram program) {
    return new ProgramSession(program, SessionOptions.SINGLE_THREAD);
  }

  private MetricSums train(ProgramSession session, int steps) {
    MetricSums sums = new MetricSums(session.program().metrics());
    try (StepPlan plan = plan(steps)) {
      session.train(plan, RATE, sums);
    }
    return sums;
  }

  private StepPlan plan(int steps) {
    StepPlan plan = new StepPlan(root, steps, 8, 1);
    for (int step = 0; step < steps; step++) {
      plan.add(LinearModel.batch(rows(step)), step, 11, 0);
    }
    return plan;
  }

  /** Batches of 8 and, now and then, of 5, all over the chunk. */
  private static int[] rows(int step) {
    int[] rows = new int[step % 3 == 2 ? 5 : 8];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (step * 29 + i * 13) % ROWS;
    }
    return rows;
  }

  private static float[] read(ProgramSession session) {
    FlatVector into = FlatVector.allocate(session.program().vectorSize());
    session.read(into);
    return values(into);
  }

  private static float[] values(FlatVector vector) {
    float[] values = new float[(int) vector.size()];
    vector.floats().get(values);
    return values;
  }
}
