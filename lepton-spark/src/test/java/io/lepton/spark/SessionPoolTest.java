package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.ChunkBuffer;
import io.lepton.arrow.ColumnSpec;
import io.lepton.arrow.ElementType;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.ShardWriter;
import io.lepton.tf.ProgramSession;
import io.lepton.tf.SessionOptions;
import io.lepton.tf.TrainingProgram;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.ModelCompiler;
import io.lepton.tf.model.ModelSpec;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionPoolTest {
  private static final TrainingProgram PROGRAM =
      ModelCompiler.compile(
              ModelSpec.chain(
                  new ColumnSpec("x", ElementType.FLOAT32, List.of(2)),
                  new ColumnSpec("y", ElementType.FLOAT32, List.of()),
                  false,
                  List.of(new Layer.Dense(1, Activation.LINEAR, true)),
                  new Loss.SquaredError(),
                  new Optimizer.Sgd(0.1, 0)),
              7)
          .program();
  private static final String FINGERPRINT = PROGRAM.fingerprint();

  private final SessionPool pool = SessionPool.shared();
  private final BufferAllocator memory = AlignedMemory.root(Long.MAX_VALUE);

  @TempDir private Path directory;

  @AfterEach
  void nothingIsLeft() {
    pool.evict(FINGERPRINT);
    memory.close();
  }

  @Test
  void theSessionThatHoldsATasksChunksIsBorrowed() throws IOException {
    try (MappedShard first = shard("1");
        MappedShard second = shard("2")) {
      ProgramSession ofFirst;
      ProgramSession ofSecond;
      try (SessionPool.Loan one = borrow(first);
          SessionPool.Loan two = borrow(second)) {
        ofFirst = load(one, first);
        ofSecond = load(two, second);
        assertThat(ofFirst).isNotSameAs(ofSecond);
      }
      for (int i = 0; i < 2; i++) {
        try (SessionPool.Loan loan = borrow(first)) {
          assertThat(load(loan, first)).isSameAs(ofFirst);
        }
        try (SessionPool.Loan loan = borrow(second)) {
          assertThat(load(loan, second)).isSameAs(ofSecond);
        }
      }
      assertThat(ofFirst.chunksLent()).isEqualTo(1);
    }
    pool.unloadClosed();
  }

  @Test
  void anIdleSessionGivesTheChunksOfAShardBackWhenThatIsClosed() throws IOException {
    try (MappedShard shard = shard("1")) {
      shard.whenClosed(pool::unloadClosed);
      try (SessionPool.Loan loan = borrow(shard)) {
        load(loan, shard);
      }
      assertThat(memory.getAllocatedMemory()).isPositive();
    }
    assertThat(memory.getAllocatedMemory()).isZero();
  }

  @Test
  void aSessionInUseGivesThemBackWhenItIsGivenBack() throws IOException {
    MappedShard shard = shard("1");
    shard.whenClosed(pool::unloadClosed);
    try (SessionPool.Loan loan = borrow(shard)) {
      load(loan, shard);
      shard.close();
      assertThat(memory.getAllocatedMemory()).isPositive();
    }
    assertThat(memory.getAllocatedMemory()).isZero();
  }

  @Test
  void aSessionWhoseTaskFailedIsClosed() throws IOException {
    try (MappedShard shard = shard("1")) {
      ProgramSession failed;
      try (SessionPool.Loan loan = borrow(shard)) {
        failed = loan.session();
        failed.load(0, shard.chunks().get(0), 0);
      }
      try (SessionPool.Loan loan = borrow(shard)) {
        assertThat(loan.session()).isNotSameAs(failed);
      }
    }
    assertThat(memory.getAllocatedMemory()).isZero();
  }

  private SessionPool.Loan borrow(MappedShard shard) {
    return pool.borrow(PROGRAM, FINGERPRINT, SessionOptions.SINGLE_THREAD, shard.chunks());
  }

  private static ProgramSession load(SessionPool.Loan loan, MappedShard shard) {
    loan.session().load(0, shard.chunks().get(0), 0);
    loan.done();
    return loan.session();
  }

  private MappedShard shard(String name) throws IOException {
    Path path = directory.resolve(name);
    try (ChunkBuffer chunk = new ChunkBuffer(PROGRAM.columns(), 4, memory);
        ShardWriter writer = new ShardWriter(path, PROGRAM.columns())) {
      chunk.take(4);
      writer.write(chunk);
      writer.finish();
    }
    return MappedShard.open(path, memory);
  }
}
