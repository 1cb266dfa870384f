package io.lepton.tf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.tf.BatchRows;
import io.lepton.tf.DeltaNorm;
import io.lepton.tf.MetricSums;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.StepPlan;
import io.lepton.tf.TrainingProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of 2.25 GB: more than a buffer holds, with a layer behind it. */
@Tag("chaos")
class LargeVariableTest {
  private static final int ROWS = 2_200_000;
  private static final int WIDTH = 256;
  private static final long TABLE = (long) ROWS * WIDTH;
  private static final float RATE = 0.5f;

  /** The first, those on both sides of 2 GiB, the last. */
  private static final int[] IDS = {0, (1 << 21) - 1, 1 << 21, ROWS - 1};

  private static final ModelSpec SPEC =
      ModelSpec.chain(
          new ColumnSpec("id", ElementType.INT32, List.of(1)),
          new ColumnSpec("label", ElementType.FLOAT32, List.of()),
          false,
          List.of(
              new IdLayer.Embedding(ROWS, WIDTH),
              new Layer.Flatten(),
              new Layer.Dense(1, Activation.LINEAR, true)),
          new Loss.SquaredError(),
          new Optimizer.Sgd(RATE, 0));

  @TempDir private Path directory;

  @Test
  void itIsLentTrainedByRowsAndWritten() throws IOException {
    CompiledModel compiled = ModelCompiler.compile(SPEC, 7);
    FlatVector start = compiled.initialParameters();
    assertThat(start.get(TABLE - 1)).isNotZero();

    assertThatRowsMoveByTheirGradient(compiled.program(), start);

    SavedModelWriter.write(SPEC, compiled.program(), start, directory.resolve("model"));
    assertThatTheFileBeginsWithTheTable(start);
  }

  private void assertThatRowsMoveByTheirGradient(TrainingProgram program, FlatVector start)
      throws IOException {
    FlatVector delta = FlatVector.allocate(program.vectorSize());
    DeltaNorm norm;
    try (BufferAllocator memory = AlignedMemory.root(Long.MAX_VALUE);
        MappedShard shard = MappedShard.open(shard(program, memory), memory);
        ProgramSession session = new ProgramSession(program, SessionOptions.SINGLE_THREAD);
        StepPlan plan = new StepPlan(memory, 1, IDS.length, 1)) {
      BatchRows rows = new BatchRows(IDS.length);
      for (int row = 0; row < IDS.length; row++) {
        rows.add(0, row);
      }
      plan.add(rows, 0, 0, 0);
      session.assign(start);
      session.load(0, shard.chunks().get(0), 0);
      session.train(plan, RATE, new MetricSums(program.metrics()));
      norm = session.readDelta(start, delta);
      assertThat(session.ledger().total()).isZero();
    }
    double squared = 0;
    double bias = 0;
    double[] kernel = new double[WIDTH];
    for (int row = 0; row < IDS.length; row++) {
      double error = start.get(TABLE + WIDTH) - label(row);
      for (int i = 0; i < WIDTH; i++) {
        error += (double) start.get(TABLE + i) * start.get((long) IDS[row] * WIDTH + i);
      }
      double factor = -RATE * 2 * error / IDS.length;
      for (int i = 0; i < WIDTH; i++) {
        long at = (long) IDS[row] * WIDTH + i;
        double moved = factor * start.get(TABLE + i);
        assertThat((double) delta.get(at)).isCloseTo(moved, within(1e-5));
        squared += (double) delta.get(at) * delta.get(at);
        kernel[i] += factor * start.get(at);
      }
      bias += factor;
    }
    for (int i = 0; i < WIDTH; i++) {
      assertThat((double) delta.get(TABLE + i)).isCloseTo(kernel[i], within(1e-5));
      squared += (double) delta.get(TABLE + i) * delta.get(TABLE + i);
    }
    assertThat((double) delta.get(TABLE + WIDTH)).isCloseTo(bias, within(1e-5));
    squared += (double) delta.get(TABLE + WIDTH) * delta.get(TABLE + WIDTH);
    assertThat(norm.finite()).isTrue();
    assertThat(norm.squared()).isCloseTo(squared, within(1e-6 * squared));
  }

  private void assertThatTheFileBeginsWithTheTable(FlatVector vector) throws IOException {
    Path file = directory.resolve("model/variables/variables.data-00000-of-00001");
    ByteBuffer piece = ByteBuffer.allocateDirect(1 << 22).order(ByteOrder.nativeOrder());
    try (FileChannel channel = FileChannel.open(file)) {
      assertThat(channel.size()).isEqualTo((TABLE + WIDTH + 1) * Float.BYTES);
      for (FlatVector part : vector.part(0, TABLE).parts(1 << 20)) {
        piece.clear().limit((int) part.size() * Float.BYTES);
        while (piece.hasRemaining()) {
          assertThat(channel.read(piece)).isPositive();
        }
        assertThat(piece.flip()).isEqualTo(part.bytes());
      }
    }
  }

  private Path shard(TrainingProgram program, BufferAllocator memory) throws IOException {
    Path path = directory.resolve("ids.arrow");
    try (ChunkBuffer chunk = new ChunkBuffer(program.columns(), IDS.length, memory);
        ShardWriter writer = new ShardWriter(path, program.columns())) {
      for (int row = 0; row < IDS.length; row++) {
        long at = chunk.take(1);
        MemoryUtil.putInt(chunk.address(0) + Integer.BYTES * at, IDS[row]);
        MemoryUtil.putInt(chunk.address(1) + Float.BYTES * at, Float.floatToRawIntBits(label(row)));
      }
      writer.write(chunk);
      writer.finish();
    }
    return path;
  }

  private static float label(int row) {
    return 1 + row;
  }
}
