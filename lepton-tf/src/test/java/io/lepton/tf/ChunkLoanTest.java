package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.TensorLease;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose memory a loaded chunk is, and for how long. */
class ChunkLoanTest {
  private static final TrainingProgram PROGRAM = LinearModel.SGD;
  private static final int ROWS = 1000;

  private final int lentBefore = TensorLease.outstanding();
  private final BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
  private final ProgramSession session = new ProgramSession(PROGRAM, SessionOptions.SINGLE_THREAD);

  @TempDir private Path directory;

  @AfterEach
  void nothingWasCopiedAndNothingIsLeftOut() {
    assertThat(session.ledger().total()).isZero();
    session.close();
    root.close();
    assertThat(TensorLease.outstanding()).isEqualTo(lentBefore);
  }

  @Test
  void variablesOfALoadedChunkAreTheMappedBytesByAddress() throws IOException {
    CopyLedger ledger = new CopyLedger();
    TrainingProgram.Slot slot = PROGRAM.slots().get(0);
    try (MappedShard shard = shard("0");
        NativeSession graph = new NativeSession(PROGRAM.graphDef(), SessionOptions.SINGLE_THREAD);
        PreparedRun stage =
            new PreparedRun(
                graph,
                Stream.concat(slot.columnFeeds().stream(), Stream.of(slot.firstExample())).toList(),
                List.of(),
                List.of(slot.stageOp()));
        PreparedRun load = new PreparedRun(graph, List.of(), List.of(), List.of(slot.loadOp()));
        PreparedRun read =
            new PreparedRun(
                graph, List.of(), List.of("chunk/0/read:0", "chunk/1/read:0"), List.of())) {
      MappedShard.Chunk chunk = shard.chunks().get(0);
      try (TensorLease features = chunk.lend(0, ledger);
          TensorLease label = chunk.lend(1, ledger);
          LongScalar first = new LongScalar(7)) {
        stage.feed(0, features.tensor());
        stage.feed(1, label.tensor());
        stage.feed(2, first.tensor());
        stage.run();
      }
      load.run();
      read.run();
      for (int column = 0; column < 2; column++) {
        long address = chunk.column(column).memoryAddress();
        read.take(
            column,
            values -> {
              try (FloatPointer pointer = new FloatPointer(values)) {
                assertThat(pointer.address()).isEqualTo(address);
              }
            });
      }
    }
    assertThat(ledger.total()).isZero();
  }

  @Test
  void chunkOfAClosedShardIsStillThereAndStillReadable() throws IOException {
    MappedShard shard = shard("0");
    long mapped = root.getAllocatedMemory();
    session.assign(LinearModel.parameters(PROGRAM));
    session.load(0, shard.chunks().get(0), 0);
    shard.close();
    assertThat(root.getAllocatedMemory()).isEqualTo(mapped).isPositive();

    MetricSums sums = new MetricSums(PROGRAM.metrics());
    int[] rows = {ROWS - 1, 0, 500};
    try (StepPlan plan = new StepPlan(root, 1, rows.length, 1)) {
      plan.add(LinearModel.batch(rows), 0, 0, 0);
      session.train(plan, 0.1f, sums);
    }
    double[] line = {1 / 8.0, 2 / 8.0, 3 / 8.0, 1 / 8.0};
    assertThat(sums.loss()).isCloseTo(LinearModel.step(line, rows, 0.1), within(1e-6));
    assertThat(root.getAllocatedMemory()).isEqualTo(mapped);
  }

  @Test
  void unloadGivesTheChunkBack() throws IOException {
    loadAndCloseShard("0");
    session.unload();
    assertThat(root.getAllocatedMemory()).isZero();
  }

  @Test
  void loadOfAnotherChunkGivesTheFormerBack() throws IOException {
    loadAndCloseShard("0");
    long first = root.getAllocatedMemory();
    loadAndCloseShard("1");
    assertThat(root.getAllocatedMemory()).isEqualTo(first);
  }

  @Test
  void closeGivesTheChunkBack() throws IOException {
    loadAndCloseShard("0");
    assertThat(root.getAllocatedMemory()).isPositive();
    session.close();
    assertThat(root.getAllocatedMemory()).isZero();
  }

  private void loadAndCloseShard(String name) throws IOException {
    try (MappedShard shard = shard(name)) {
      session.load(0, shard.chunks().get(0), 0);
    }
  }

  private MappedShard shard(String name) throws IOException {
    return MappedShard.open(LinearModel.shard(directory.resolve(name), root, ROWS, ROWS), root);
  }
}
