package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Clipping;
import io.lepton.tf.model.IdLayer;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.UpdateOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that are changed row by row are still lent and given back unchanged. */
class EmbeddingSessionTest {
  private static final int WORDS = 50;
  private static final int ROWS = 40;

  @TempDir private Path directory;

  static Stream<Arguments> programs() {
    UpdateOptions lazy = new UpdateOptions(new Clipping.None(), 1, true, List.of(), Map.of());
    UpdateOptions accumulated =
        new UpdateOptions(new Clipping.None(), 2, false, List.of(), Map.of());
    Optimizer adam = new Optimizer.Adam(0.1, 0.9, 0.999, 1e-7);
    return Stream.of(
        Arguments.of(new Optimizer.Sgd(0.1, 0), UpdateOptions.PLAIN),
        Arguments.of(new Optimizer.Adagrad(0.1, 0.1, 1e-7), UpdateOptions.PLAIN),
        Arguments.of(adam, UpdateOptions.PLAIN),
        Arguments.of(adam, lazy),
        Arguments.of(adam, accumulated));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void trainingLeavesTheLentVectorAndCanStartAgainFromIt(Optimizer optimizer, UpdateOptions updates)
      throws IOException {
    ModelSpec chain =
        ModelSpec.chain(
            new ColumnSpec("ids", ElementType.INT32, List.of(2)),
            new ColumnSpec("label", ElementType.FLOAT32, List.of()),
            false,
            List.of(
                new IdLayer.Embedding(WORDS, 4),
                new Layer.Flatten(),
                new Layer.Dense(1, Activation.LINEAR, true)),
            new Loss.SquaredError(),
            optimizer);
    TrainingProgram program =
        ModelCompiler.compile(
                new ModelSpec(
                    chain.inputs(), chain.targets(), false, chain.layers(), optimizer, updates),
                7)
            .program();
    FlatVector start = LinearModel.parameters(program);
    FlatVector before = start.copy();
    FlatVector first = FlatVector.allocate(program.vectorSize());
    FlatVector again = FlatVector.allocate(program.vectorSize());
    try (BufferAllocator memory = AlignedMemory.root(Long.MAX_VALUE);
        MappedShard shard = MappedShard.open(shard(program, memory), memory);
        ProgramSession session = new ProgramSession(program, SessionOptions.SINGLE_THREAD)) {
      session.load(0, shard.chunks().get(0), 0);
      train(session, memory, start);
      session.readDelta(start, first);
      train(session, memory, start);
      session.readDelta(start, again);
      assertThat(session.ledger().total()).isZero();
    }
    assertThat(start.floats()).isEqualTo(before.floats());
    assertThat(first.get(0)).isNotZero();
    assertThat(again.floats()).isEqualTo(first.floats());
  }

  private static void train(ProgramSession session, BufferAllocator memory, FlatVector start) {
    session.assign(start);
    try (StepPlan plan = new StepPlan(memory, 6, 8, 1)) {
      for (int step = 0; step < 6; step++) {
        BatchRows rows = new BatchRows(8);
        for (int i = 0; i < 8; i++) {
          rows.add(0, (step * 7 + i) % ROWS);
        }
        plan.add(rows, step, 0, 0);
      }
      session.train(plan, 0.1f, new MetricSums(session.program().metrics()));
    }
  }

  private Path shard(TrainingProgram program, BufferAllocator memory) throws IOException {
    Path path = directory.resolve("ids.arrow");
    try (ChunkBuffer chunk = new ChunkBuffer(program.columns(), ROWS, memory);
        ShardWriter writer = new ShardWriter(path, program.columns())) {
      for (int row = 0; row < ROWS; row++) {
        long at = chunk.take(1);
        MemoryUtil.putInt(chunk.address(0) + 8 * at, row % 11);
        MemoryUtil.putInt(chunk.address(0) + 8 * at + 4, row % 3);
        MemoryUtil.putInt(chunk.address(1) + 4 * at, Float.floatToRawIntBits(row));
      }
      writer.write(chunk);
      writer.finish();
    }
    return path;
  }
}
