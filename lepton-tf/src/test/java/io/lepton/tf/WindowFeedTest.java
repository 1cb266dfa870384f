package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.FlatVector;
import io.lepton.arrow.MappedShard;
import io.lepton.arrow.TensorLease;
import io.lepton.tf.model.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of two of nine chunks. */
class WindowFeedTest {
  private static final int SLOTS = 2;
  private static final int CHUNK = 20;
  private static final int CHUNKS = 9;
  private static final int COLUMNS = 2;
  private static final float RATE = 0.05f;
  private static final TrainingProgram PROGRAM =
      LinearModel.program(SLOTS, new Optimizer.Adam(RATE, 0.9, 0.999, 1e-7));

  private final int lentBefore = TensorLease.outstanding();
  private final BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE);
  private final ProgramSession session = new ProgramSession(PROGRAM, SessionOptions.SINGLE_THREAD);
  private final WindowFeed feed = new WindowFeed(session);

  @TempDir private Path directory;
  private MappedShard shard;

  @BeforeEach
  void openShard() throws IOException {
    shard = open("0", CHUNKS * CHUNK);
    session.assign(LinearModel.parameters(PROGRAM));
  }

  @AfterEach
  void nothingWasCopiedAndNothingIsLeftOut() throws InterruptedException {
    assertThat(session.ledger().total()).isZero();
    feed.close();
    threadsEnd();
    session.close();
    shard.close();
    root.close();
    assertThat(TensorLease.outstanding()).isEqualTo(lentBefore);
  }

  @Test
  void windowsStagedBesideStepsGiveTheBitsOfWindowsLoadedBetweenThem() {
    FlatVector staged = train(feed, true);
    try (ProgramSession other = new ProgramSession(PROGRAM, SessionOptions.SINGLE_THREAD);
        WindowFeed loading = new WindowFeed(other)) {
      other.assign(LinearModel.parameters(PROGRAM));
      assertThat(train(loading, other, false).floats()).isEqualTo(staged.floats());
      assertThat(other.chunksLent()).isEqualTo(session.chunksLent()).isEqualTo(CHUNKS);
    }
    assertThat(staged.floats()).isNotEqualTo(LinearModel.parameters(PROGRAM).floats());
  }

  @Test
  void whatIsStagedIsTheNextWindowAndNoMoreThanTwoAreEverLent() {
    int leasesOfAWindow = SLOTS * COLUMNS;
    int others = TensorLease.outstanding() - leasesOfAWindow;
    for (int window = 0; window < 4; window++) {
      feed.load(window(window), window(window + 1));
      feed.await();
      int chunks = window(window).size() + window(window + 1).size();
      assertThat(TensorLease.outstanding() - others).isEqualTo(2 * leasesOfAWindow);
      assertThat(session.chunksLent()).isEqualTo((long) SLOTS * window + chunks);
      assertThat(session.held(shard.chunks())).isEqualTo(chunks);
    }
    feed.load(window(4), List.of());
    assertThat(session.chunksLent()).isEqualTo(CHUNKS);
  }

  @Test
  void aWindowThatIsInItsSlotsIsNotLentAgain() {
    for (int round = 0; round < 3; round++) {
      try (WindowFeed ofRound = new WindowFeed(session)) {
        ofRound.load(window(0), window(1));
        ofRound.await();
      }
    }
    assertThat(session.chunksLent()).isEqualTo(2 * SLOTS);
    feed.load(window(1), List.of());
    assertThat(session.chunksLent()).isEqualTo(2 * SLOTS);
    feed.load(window(0), List.of());
    assertThat(session.chunksLent()).isEqualTo(3 * SLOTS);
  }

  @Test
  void anotherChunkOrAnotherNumberOrAnotherSlotIsLentAnew() throws IOException {
    try (MappedShard again = open("1", CHUNK)) {
      MappedShard.Chunk chunk = shard.chunks().get(0);
      NumberedChunk numbered = new NumberedChunk(chunk, 0);
      session.load(List.of(numbered));
      session.load(List.of(new NumberedChunk(chunk, 0)));
      assertThat(session.chunksLent()).isEqualTo(1);
      session.load(List.of(new NumberedChunk(chunk, 1)));
      assertThat(session.chunksLent()).isEqualTo(2);
      session.load(List.of(new NumberedChunk(again.chunks().get(0), 1)));
      assertThat(session.chunksLent()).isEqualTo(3);
      session.load(List.of(window(0).get(1), numbered));
      assertThat(session.chunksLent()).isEqualTo(5);
    }
  }

  @Test
  void moreChunksThanSlotsAreRefused() {
    List<NumberedChunk> chunks = new ArrayList<>(window(0));
    chunks.addAll(window(4));
    assertThatThrownBy(() -> session.stage(chunks))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a window must have at most 2 chunks, one for each slot, but had: 3");
  }

  @Test
  void whatIsStagedIsNotSeenByStepsBeforeItIsLoaded() {
    session.load(window(0));
    double loss = loss();
    session.stage(window(1));
    assertThat(loss()).isEqualTo(loss);
    session.load(window(1));
    assertThat(loss()).isNotEqualTo(loss);
  }

  @Test
  void unloadGivesBackWhatIsStagedToo() {
    feed.load(window(0), window(1));
    feed.await();
    shard.close();
    assertThat(root.getAllocatedMemory()).isPositive();
    session.unload();
    assertThat(root.getAllocatedMemory()).isZero();
    assertThat(session.held(shard.chunks())).isZero();
  }

  @Test
  void chunksAreGivenBackAsSoonAsTheShardOfOneIsClosed() throws IOException {
    MappedShard closing = open("1", CHUNK);
    session.load(window(0));
    session.stage(List.of(new NumberedChunk(closing.chunks().get(0), 0)));
    session.unloadClosed();
    assertThat(session.held(shard.chunks())).isEqualTo(SLOTS);
    assertThat(session.held(closing.chunks())).isEqualTo(1);
    closing.close();
    session.unloadClosed();
    assertThat(session.held(shard.chunks()) + session.held(closing.chunks())).isZero();
    shard.close();
    assertThat(root.getAllocatedMemory()).isZero();
  }

  @Test
  void aFailureToStageIsToldByTheNextCallWithItsCause() throws IOException {
    MappedShard closed = open("1", CHUNK);
    closed.close();
    List<NumberedChunk> next = List.of(new NumberedChunk(closed.chunks().get(0), 0));
    feed.load(window(0), next);
    assertThatThrownBy(() -> feed.load(next, List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the chunks to come could not be staged: ")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(feed::await).isInstanceOf(IllegalStateException.class);
    assertThat(session.held(shard.chunks())).isEqualTo(SLOTS);
  }

  @Test
  void aCallerThatIsInterruptedStopsWaitingAndStaysInterrupted() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    feed.load(window(0), behind(gate, window(1)));
    Thread.currentThread().interrupt();
    assertThatThrownBy(feed::await)
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    gate.countDown();
    feed.close();
    assertThat(Thread.interrupted()).isTrue();
    threadsEnd();
  }

  @Test
  void closingWaitsForTheWindowAtHand() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    feed.load(window(0), behind(gate, window(1)));
    waits(feedThreads().get(0));
    Thread closing = new Thread(feed::close);
    closing.start();
    waits(closing);
    gate.countDown();
    closing.join(10_000);
    assertThat(closing.isAlive()).isFalse();
    assertThat(session.chunksLent()).isEqualTo(2 * SLOTS);
  }

  /** A window that others than the caller only get at when the gate is open. */
  private static List<NumberedChunk> behind(CountDownLatch gate, List<NumberedChunk> window) {
    Thread caller = Thread.currentThread();
    return new AbstractList<>() {
      @Override
      public NumberedChunk get(int slot) {
        try {
          if (Thread.currentThread() != caller && !gate.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the gate must open");
          }
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        return window.get(slot);
      }

      @Override
      public int size() {
        return window.size();
      }
    };
  }

  private FlatVector train(WindowFeed feed, boolean ahead) {
    return train(feed, session, ahead);
  }

  private FlatVector train(WindowFeed feed, ProgramSession session, boolean ahead) {
    Random random = new Random(4);
    MetricSums sums = new MetricSums(PROGRAM.metrics());
    for (int window = 0; window < 5; window++) {
      int chunks = window(window).size();
      feed.load(window(window), ahead ? window(window + 1) : List.of());
      try (StepPlan plan = new StepPlan(root, 30, 8, SLOTS)) {
        for (int step = 0; step < 30; step++) {
          BatchRows rows = new BatchRows(8);
          for (int i = 0; i < 8; i++) {
            rows.add(random.nextInt(chunks), random.nextInt(CHUNK));
          }
          plan.add(rows, 30L * window + step, 0, 0);
        }
        session.train(plan, RATE, sums);
      }
    }
    FlatVector now = FlatVector.allocate(PROGRAM.vectorSize());
    session.read(now);
    return now;
  }

  private double loss() {
    MetricSums sums = new MetricSums(PROGRAM.metrics());
    try (StepPlan plan = new StepPlan(root, 1, 3, SLOTS)) {
      plan.add(LinearModel.batch(0, 7, 11), 0, 0, 0);
      session.evaluate(plan, sums);
    }
    return sums.loss();
  }

  private List<NumberedChunk> window(int number) {
    return IntStream.range(number * SLOTS, Math.min(CHUNKS, (number + 1) * SLOTS))
        .mapToObj(chunk -> new NumberedChunk(shard.chunks().get(chunk), (long) chunk * CHUNK))
        .toList();
  }

  private MappedShard open(String name, int rows) throws IOException {
    return MappedShard.open(LinearModel.shard(directory.resolve(name), root, rows, CHUNK), root);
  }

  private static List<Thread> feedThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("lepton-window-feed"))
        .toList();
  }

  private static void waits(Thread thread) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (thread.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(thread.getState()).isEqualTo(Thread.State.TIMED_WAITING);
  }

  private static void threadsEnd() throws InterruptedException {
    for (Thread thread : feedThreads()) {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }
}
