package io.lepton.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.SmallViews;
import io.lepton.arrow.VectorPool;
import io.lepton.spark.Cluster;
import io.lepton.spark.Deadline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A driver and two executors. */
class ExchangeTest {
  private static final int OVER_A_SLICE = Publisher.SLICE / Float.BYTES + 1;

  private JavaSparkContext spark;

  @BeforeEach
  void start() {
    spark = on(Cluster.processes());
  }

  @Test
  void vectorsOfAnySizeArriveBitByBitThereAndBack() {
    for (int size : new int[] {0, 1, 16, OVER_A_SLICE}) {
      assertThatAVectorGoesThereAndBack(size);
    }
  }

  @Test
  void encryptedVectorsArriveToo() {
    spark =
        on(
            Cluster.processes(
                Map.of(
                    "spark.authenticate", "true",
                    "spark.authenticate.secret", "only for a test",
                    "spark.network.crypto.enabled", "true")));

    assertThatAVectorGoesThereAndBack(OVER_A_SLICE);
  }

  private void assertThatAVectorGoesThereAndBack(int size) {
    FlatVector vector = Tasks.vector(size, 1);
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, vector);

      Address answer =
          Tasks.run(
                  spark,
                  1,
                  (context, none) -> {
                    FlatVector copy = shared.value().copy();
                    return shared.answer(context, "copy", Tasks.slices(copy));
                  })
              .get(0);

      assertThat(answer.executor()).isNotEqualTo(SparkEnv.get().executorId());
      assertThat(answer.bytes()).isEqualTo(4L * size);
      assertThat(Tasks.fetched(answer).bytes()).isEqualTo(vector.bytes());
    }
  }

  @Test
  void aProcessFetchesOnceForAllItsTasks() {
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(100, 1));

      List<String> copies =
          Tasks.run(
              spark,
              12,
              (context, none) ->
                  SparkEnv.get().executorId() + " " + System.identityHashCode(shared.value()));

      long processes =
          copies.stream().map(copy -> copy.substring(0, copy.indexOf(' '))).distinct().count();
      assertThat(copies.stream().distinct()).hasSize((int) processes);
    }
  }

  @Test
  void theEndOfAScopeRemovesItsBlocksAndCopiesEverywhere() {
    BlockScope scope = new BlockScope(spark);
    SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(100, 1));
    Tasks.run(
        spark,
        6,
        (context, none) -> shared.answer(context, "copy", Tasks.slices(shared.value())).field());
    assertThat(Tasks.blocks(scope.id())).isGreaterThan(6);

    scope.close();

    Tasks.awaitNoBlocks(scope.id());
    assertThat(Tasks.run(spark, 6, (context, none) -> SharedVector.copies())).containsOnly(0);
    assertThat(SharedVector.copies()).isZero();
  }

  @Test
  void aTaskThatOutlivesItsScopeLeavesNothing() {
    BlockScope scope = new BlockScope(spark);
    SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(100, 1));
    List<String> refused =
        Tasks.run(
            spark,
            1,
            (context, none) -> {
              FlatVector vector = shared.value();
              SparkEnv.get().blockManager().removeBroadcast(shared.scope(), false);
              try {
                return shared.answer(context, "late", Tasks.slices(vector)).field();
              } catch (IllegalStateException e) {
                return e.getMessage();
              }
            });

    assertThat(refused.get(0)).matches("nobody waits for late_a\\d+ any more");
    scope.close();
    Tasks.awaitNoBlocks(scope.id());
  }

  @Test
  void whatIsPublishedSliceBySliceArrivesIfItIsComplete() {
    try (BlockScope scope = new BlockScope(spark)) {
      long id = scope.id();
      List<Address> addresses =
          Tasks.run(
              spark,
              2,
              (context, none) -> {
                try (Publication publication = new Publication(context, id, "mean")) {
                  for (ByteBuffer slice : Tasks.slices(Tasks.vector(OVER_A_SLICE, 1))) {
                    publication.add(slice);
                  }
                  return context.partitionId() == 0
                      ? publication.published()
                      : new Address("nowhere", 1, "none", id, "incomplete", List.of());
                }
              });

      assertThat(Tasks.fetched(addresses.get(0)).bytes())
          .isEqualTo(Tasks.vector(OVER_A_SLICE, 1).bytes());
      assertThat(addresses.get(0).sizes()).hasSize(2);
      assertThat(Tasks.blocks(id, "mean")).isEqualTo(2);
    }
  }

  @Test
  void aTaskThatPublishesSliceBySliceAndOutlivesItsScopeLeavesNothing() {
    BlockScope scope = new BlockScope(spark);
    long id = scope.id();

    List<String> refused =
        Tasks.run(
            spark,
            1,
            (context, none) -> {
              try (Publication publication = new Publication(context, id, "mean")) {
                publication.add(Tasks.vector(100, 1).bytes());
                SparkEnv.get().blockManager().removeBroadcast(id, false);
                publication.add(Tasks.vector(100, 1).bytes());
                return publication.published().field();
              } catch (IllegalStateException e) {
                return e.getMessage();
              }
            });

    assertThat(refused.get(0)).matches("nobody waits for mean_a\\d+ any more");
    assertThat(Tasks.blocks(id, "mean")).isZero();
    scope.close();
  }

  @Test
  void aLaterScopeOfTheSeriesReplacesTheCopyOfAnEarlierOne() {
    Deadline.await(
        Duration.ofSeconds(10),
        "copies of scopes that have ended are gone",
        () ->
            Tasks.run(spark, 6, (context, none) -> SharedVector.copies()).stream()
                .allMatch(n -> n == 0));
    try (BlockScope earlier = new BlockScope(spark);
        BlockScope later = new BlockScope(spark);
        BlockScope other = new BlockScope(spark)) {
      SharedVector first = SharedVector.publish(earlier, 1, Tasks.vector(100, 1));
      SharedVector second = SharedVector.publish(later, 1, Tasks.vector(100, 2));
      SharedVector apart = SharedVector.publish(other, 2, Tasks.vector(100, 3));

      List<Integer> copies =
          Tasks.run(
              spark,
              1,
              (context, none) -> {
                apart.value();
                first.value();
                second.value();
                return SharedVector.copies();
              });

      assertThat(copies).containsExactly(2);
    }
  }

  @Test
  void roundAfterRoundAnExecutorReceivesIntoTheSameVectorUntilTheSeriesEnds() {
    Broadcast<Integer> tag = spark.broadcast(1);
    long series = tag.id();
    List<String> vectors = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      FlatVector sent = Tasks.vector(1000, round);
      int seed = round;
      try (BlockScope scope = new BlockScope(spark)) {
        SharedVector shared = SharedVector.publish(scope, series, sent);
        vectors.addAll(
            Tasks.run(
                spark,
                6,
                (context, none) -> {
                  boolean equal = shared.value().bytes().equals(Tasks.vector(1000, seed).bytes());
                  return "%s %d %s"
                      .formatted(
                          SparkEnv.get().executorId(),
                          System.identityHashCode(shared.value()),
                          equal);
                }));
      }
    }
    long executors =
        vectors.stream().map(vector -> vector.substring(0, vector.indexOf(' '))).distinct().count();
    assertThat(vectors.stream().distinct()).hasSize((int) executors);
    assertThat(vectors).allMatch(vector -> vector.endsWith("true"));

    tag.destroy();

    Deadline.await(
        Duration.ofSeconds(10),
        "no vectors kept",
        () ->
            Tasks.run(spark, 6, (context, none) -> SeriesVectors.of(series).pool().idle()).stream()
                .allMatch(idle -> idle == 0));
  }

  @Test
  void blocksOfAnEarlierScopeOfTheSeriesAreLeftToSparkWhichIsAboutToRemoveThem() {
    try (BlockScope earlier = new BlockScope(spark);
        BlockScope later = new BlockScope(spark)) {
      SharedVector first = SharedVector.publish(earlier, 1, Tasks.vector(100, 1));
      SharedVector second = SharedVector.publish(later, 1, Tasks.vector(100, 2));

      List<String> removed =
          Tasks.run(
              spark,
              1,
              (context, none) -> {
                first.value();
                CompletableFuture<Thread> removal = new CompletableFuture<>();
                LentBuffer block =
                    new LentBuffer(
                        ByteBuffer.allocate(1), () -> removal.complete(Thread.currentThread()));
                Publisher.put(
                    new BroadcastBlockId(first.scope(), "left"),
                    block,
                    StorageLevel.MEMORY_ONLY_SER());
                Thread reader = Thread.currentThread();
                CompletableFuture<Void> end =
                    CompletableFuture.runAsync(
                        () -> {
                          Deadline.await(
                              Duration.ofSeconds(10),
                              "a task waits for the removal",
                              () ->
                                  removal.isDone()
                                      || reader.getState() == Thread.State.TIMED_WAITING);
                          SparkEnv.get().blockManager().removeBroadcast(first.scope(), false);
                        });
                boolean there = second.value().bytes().equals(Tasks.vector(100, 2).bytes());
                end.orTimeout(10, TimeUnit.SECONDS).join();
                return "%s %s"
                    .formatted(there, removal.join() == reader ? "too early" : "by Spark");
              });

      assertThat(removed).containsExactly("true by Spark");
    }
  }

  @Test
  void aVectorIsNotUsedAgainWhileItIsPublished() {
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(100, 1));

      String same =
          Tasks.run(
                  spark,
                  1,
                  (context, none) -> {
                    shared.value();
                    VectorPool spares = shared.spares();
                    FlatVector vector = spares.take(50);
                    Address address = shared.answer(context, "delta", Tasks.slices(vector), vector);
                    vector.letGo();
                    FlatVector meanwhile = spares.take(50);
                    ManagedBuffer onItsWay =
                        SparkEnv.get().blockManager().getLocalBlockData(address.slice(0).block());
                    CompletableFuture<Void> removal =
                        CompletableFuture.runAsync(() -> Publisher.remove(address));
                    FlatVector underWay = spares.take(50);
                    onItsWay.release();
                    removal.orTimeout(10, TimeUnit.SECONDS).join();
                    FlatVector after = spares.take(50);
                    return "%s %s %s"
                        .formatted(meanwhile == vector, underWay == vector, after == vector);
                  })
              .get(0);

      assertThat(same).isEqualTo("false false true");
    }
  }

  @Test
  void aDeadExecutorIsNamed() {
    try (BlockScope scope = new BlockScope(spark)) {
      Address answer = answer(scope, "answer");
      Tasks.signal(Tasks.pid(spark, answer.executor()), "-KILL");

      FetchException failure =
          catchThrowableOfType(FetchException.class, () -> Tasks.fetched(answer));

      assertThat(failure)
          .hasMessageMatching(
              "executor %s at .+:\\d+ must send broadcast_%d_answer_a\\d+_s0, but failed: .+"
                  .formatted(answer.executor(), scope.id()));
      assertThat(failure.address()).isEqualTo(answer);
    }
  }

  @Test
  void atTheDeadlineAllWhoAreMissingAreNamed() {
    try (BlockScope scope = new BlockScope(spark)) {
      Address answer = answer(scope, "silent");
      List<Address.Slice> twice = List.of(answer.slices().get(0), answer.slices().get(0));
      long pid = Tasks.pid(spark, answer.executor());
      Tasks.signal(pid, "-STOP");
      try (SliceStream slices =
          new SliceStream(twice.iterator(), SliceStream.BUDGET, Duration.ofMillis(300))) {
        assertThatThrownBy(slices::next)
            .isInstanceOf(FetchException.class)
            .hasMessageMatching(
                ("executor %1$s at .+ must send .+_silent_a\\d+_s0, but did not within PT0.3S; nor"
                        + " came .+_silent_a\\d+_s0 of executor %1$s at .+")
                    .formatted(answer.executor()));
      } finally {
        Tasks.signal(pid, "-CONT");
      }
    }
  }

  @Test
  void aBlockThatIsGoneIsNamed() {
    try (BlockScope scope = new BlockScope(spark)) {
      Address answer = answer(scope, "gone");
      Tasks.run(
          spark,
          6,
          (context, none) -> SparkEnv.get().blockManager().removeBroadcast(answer.scope(), false));

      assertThatThrownBy(() -> Tasks.fetched(answer))
          .isInstanceOf(FetchException.class)
          .hasMessageContaining("_gone_a");
    }
  }

  @Test
  void slicesThatFindNoStorageMemoryAreServedAndPushNothingOut() {
    int slices = 24;
    try (BlockScope scope = new BlockScope(spark)) {
      long id = scope.id();
      Address address =
          Tasks.run(
                  spark,
                  1,
                  (context, none) -> {
                    ByteBuffer first = Tasks.vector(100, 4).bytes();
                    Publisher.publish(id, "first", List.of(first));
                    ByteBuffer slice = Tasks.vector(Publisher.SLICE / 4, 5).bytes();
                    Address many =
                        Publisher.publish(id, "many", Collections.nCopies(slices, slice));
                    long inMemory =
                        SparkEnv.get()
                            .blockManager()
                            .getStatus(new BroadcastBlockId(id, "first_s0"))
                            .get()
                            .memSize();
                    return inMemory == 400 ? many : null;
                  })
              .get(0);

      FlatVector expected = Tasks.vector(Publisher.SLICE / 4, 5);
      ByteBuffer arrived = ByteBuffer.allocateDirect(Publisher.SLICE);
      try (SliceStream stream = new SliceStream(address.slices().iterator())) {
        for (int i = 0; i < slices; i++) {
          try (ArrivedSlice slice = stream.next()) {
            slice.read(arrived.clear());
            assertThat(arrived.flip().equals(expected.bytes())).isTrue();
          }
        }
      }
    }
  }

  @Test
  void slicesAreReadToTheirPlacesWhereverViewsEnd() {
    int size = 1_000_000;
    FlatVector vector = Tasks.vector(size, 3);
    try (BlockScope scope = new BlockScope(spark)) {
      SharedSlices slices = SharedSlices.publish(scope, "whole", vector);
      FlatVector copy = SmallViews.within(1 << 17, () -> FlatVector.allocate(size));

      assertThat(slices.readInto(copy)).isEqualTo(4L * size);

      assertThat(slices.origin().sizes()).hasSize(8);
      for (int i = 0; i < size; i++) {
        if (Float.floatToRawIntBits(copy.get(i)) != Float.floatToRawIntBits(vector.get(i))) {
          assertThat(copy.get(i)).as("element %d", i).isEqualTo(vector.get(i));
        }
      }
    }
  }

  @Test
  void slicesComeInTheOrderInWhichTheyAreWanted() {
    try (BlockScope scope = new BlockScope(spark)) {
      Address address = elevenSlices(scope);
      FlatVector vector = Tasks.vector(2501, 1);
      List<Address.Slice> backwards = new ArrayList<>(address.slices());
      Collections.reverse(backwards);

      try (SliceStream stream = new SliceStream(backwards.iterator())) {
        for (Address.Slice wanted : backwards) {
          ByteBuffer bytes = ByteBuffer.allocate(wanted.size());
          try (ArrivedSlice slice = stream.next()) {
            slice.read(bytes);
          }
          assertThat(bytes.flip())
              .isEqualTo(vector.bytes(wanted.index() * 250L, wanted.size() / Float.BYTES));
        }
        assertThat(stream.mostHeld()).isEqualTo(address.bytes());
      }
    }
  }

  @Test
  void smallVectorsAreCutToo() {
    assertThat(Publisher.slice(0)).isEqualTo(256 << 10);
    assertThat(Publisher.slice(4_000_000)).isEqualTo(512 << 10);
    assertThat(Publisher.slice(40_000_000)).isEqualTo(2 << 20);
    assertThat(Publisher.slice(1L << 40)).isEqualTo(2 << 20);
  }

  @Test
  void slicesUnderWayStayWithinTheBudget() {
    try (BlockScope scope = new BlockScope(spark)) {
      Address address = elevenSlices(scope);
      assertThat(address.sizes()).hasSize(11).endsWith(4);

      try (SliceStream stream =
          new SliceStream(address.slices().iterator(), 2500, Duration.ofSeconds(10))) {
        for (int size : address.sizes()) {
          try (ArrivedSlice slice = stream.next()) {
            assertThat(slice.remaining()).isEqualTo(size);
          }
        }
        assertThat(stream.mostHeld()).isEqualTo(1000 + 1000 + 4);
      }
    }
  }

  private Address elevenSlices(BlockScope scope) {
    long id = scope.id();
    return Tasks.run(
            spark,
            1,
            (context, none) ->
                Publisher.publish(id, "many", Publisher.cut(Tasks.vector(2501, 1), 1000)))
        .get(0);
  }

  private Address answer(BlockScope scope, String field) {
    SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(100, 1));
    return Tasks.run(
            spark,
            1,
            (context, none) -> shared.answer(context, field, Tasks.slices(shared.value())))
        .get(0);
  }

  private static JavaSparkContext on(SparkSession session) {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }
}
