package io.lepton.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.Cluster;
import io.lepton.spark.Deadline;
import io.lepton.spark.Jobs;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.memory.MemoryManager;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** A driver and five executors, each with a task at the same time. */
class PeersTest {
  private static final int EXECUTORS = 5;
  private static final int SIZE = 24 * Publisher.SLICE / Float.BYTES - 7;
  private static final long BYTES = 4L * SIZE;

  @TempDir private Path directory;

  /** What an executor read. */
  private record Read(String executor, boolean whole, long bytes, long fromDriver) {
    static String of(SharedVector shared) {
      FlatVector vector = shared.value();
      SharedVector.Received received = shared.received();
      return "%s %s %d %d"
          .formatted(
              SparkEnv.get().executorId(),
              vector.bytes().equals(Tasks.vector((int) vector.size(), 1).bytes()),
              received.bytes(),
              received.fromDriver());
    }

    static Read parse(String line) {
      String[] words = line.split(" ", -1);
      return new Read(
          words[0],
          Boolean.parseBoolean(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]));
    }
  }

  @Test
  void executorsThatReadTogetherCostTheDriverFewerCopies() {
    JavaSparkContext spark = cluster(Map.of());
    Rendezvous meeting = Rendezvous.in(directory);
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(SIZE, 1));

      List<Read> reads =
          read(
              spark,
              (context, none) -> {
                meeting.meet("start", EXECUTORS);
                return Read.of(shared);
              });

      assertThat(reads.stream().mapToLong(Read::fromDriver).sum())
          .isBetween(BYTES, EXECUTORS * BYTES / 2);
    }
  }

  @Test
  void eachExecutorBeginsAtAnotherSlice() {
    JavaSparkContext spark = cluster(Map.of());
    Rendezvous meeting = Rendezvous.in(directory);
    try (BlockScope scope = new BlockScope(spark)) {
      Address origin =
          Publisher.publish(scope.id(), "own", Publisher.cut(Tasks.vector(2400, 1), 400));

      List<Integer> begins =
          Tasks.run(
              spark,
              EXECUTORS,
              (context, none) -> {
                meeting.meet("start", EXECUTORS);
                try (PeerStream slices = new PeerStream(origin)) {
                  slices.next().close();
                  return slices.index();
                }
              });

      assertThat(begins).hasSize(EXECUTORS).doesNotHaveDuplicates();
    }
  }

  @Test
  void whoComesLaterTakesNothingOfTheDriver() {
    JavaSparkContext spark = cluster(Map.of());
    Rendezvous meeting = Rendezvous.in(directory);
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(SIZE, 1));

      List<Read> reads =
          read(
              spark,
              (context, none) -> {
                if (meeting.meet("start", EXECUTORS) > 0) {
                  meeting.await("done", 1);
                }
                String read = Read.of(shared);
                meeting.arrive("done", SparkEnv.get().executorId());
                return read;
              });

      assertThat(reads).extracting(Read::fromDriver).containsOnlyOnce(BYTES).contains(0L);
      assertThat(reads.stream().mapToLong(Read::fromDriver).sum()).isEqualTo(BYTES);
    }
  }

  @Test
  void whatIsGoneWhereItWasOfferedComesFromElsewhere() {
    JavaSparkContext spark = cluster(Map.of());
    Rendezvous meeting = Rendezvous.in(directory);
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(SIZE, 1));
      long id = scope.id();

      List<Read> reads =
          read(
              spark,
              (context, none) -> {
                if (meeting.meet("start", EXECUTORS) > 0) {
                  meeting.await("gone", 1);
                  return Read.of(shared);
                }
                String read = Read.of(shared);
                BlockManager store = SparkEnv.get().blockManager();
                for (int slice = 0; slice < 24; slice++) {
                  store.removeBlock(Address.block(id, "shared", slice), false);
                }
                meeting.arrive("gone", SparkEnv.get().executorId());
                return read;
              });

      assertThat(reads.stream().mapToLong(Read::fromDriver).sum())
          .isGreaterThanOrEqualTo(2 * BYTES);
    }
  }

  @Tag("chaos")
  @Test
  void anExecutorThatDiesWhileOthersReadFromItIsDoneWithout() {
    JavaSparkContext spark = cluster(Map.of("spark.task.maxFailures", "2"));
    Rendezvous meeting = Rendezvous.in(directory);
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(SIZE, 1));

      List<String> reads =
          Tasks.run(
              spark,
              EXECUTORS,
              (context, none) -> {
                if (context.attemptNumber() == 0) {
                  if (meeting.meet("start", EXECUTORS) == 0) {
                    shared.value();
                    meeting.arrive("dying", SparkEnv.get().executorId());
                    Runtime.getRuntime().halt(1);
                  }
                  meeting.await("dying", 1);
                }
                return Read.of(shared) + " " + context.attemptNumber();
              });

      assertThat(reads.stream().map(Read::parse)).hasSize(EXECUTORS).allMatch(Read::whole);
      assertThat(reads.stream().filter(read -> read.endsWith(" 0"))).hasSize(EXECUTORS - 1);
    }
  }

  @Tag("chaos")
  @Test
  void anExecutorThatStandsStillIsDoneWithout() {
    JavaSparkContext spark = cluster(Map.of());
    try (BlockScope scope = new BlockScope(spark)) {
      Address origin = Publisher.publish(scope.id(), "own", Tasks.slices(Tasks.vector(100, 1)));
      long still = offer(spark, origin);
      Tasks.signal(still, "-STOP");
      try (PeerStream slices = new PeerStream(origin, Duration.ofSeconds(4));
          ArrivedSlice slice = slices.next()) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(slice.remaining());
        slice.read(bytes);
        assertThat(bytes.flip()).isEqualTo(Tasks.vector(100, 1).bytes());
        assertThat(slices.fromOrigin()).isEqualTo(400);
      } finally {
        Tasks.signal(still, "-CONT");
      }
    }
  }

  @Test
  void ifNobodySendsASliceTheDriverAndTheOthersAreNamed() {
    JavaSparkContext spark = cluster(Map.of());
    try (BlockScope scope = new BlockScope(spark)) {
      Address origin = Publisher.publish(scope.id(), "own", Tasks.slices(Tasks.vector(100, 1)));
      offer(spark, origin);
      Publisher.remove(origin);

      List<String> failures =
          Tasks.run(
              spark,
              EXECUTORS,
              (context, none) -> {
                SparkEnv.get().blockManager().removeBlock(origin.slice(0).block(), false);
                try (PeerStream slices = new PeerStream(origin)) {
                  slices.next().close();
                  return "it came";
                } catch (FetchException e) {
                  return e.getMessage();
                }
              });

      assertThat(failures)
          .anyMatch(
              message ->
                  message.matches(
                      "(?s)executor driver at .+ must send broadcast_%d_own_s0, but failed: .+; nor did others: executor \\d at .+ failed: .+"
                          .formatted(scope.id())));
    }
  }

  @Test
  void theEndOfAScopeEndsWhatIsOffered() {
    JavaSparkContext spark = cluster(Map.of());
    Rendezvous meeting = Rendezvous.in(directory);
    BlockScope scope = new BlockScope(spark);
    SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(SIZE, 1));
    read(
        spark,
        (context, none) -> {
          meeting.meet("start", EXECUTORS);
          return Read.of(shared);
        });
    assertThat(offers(scope.id())).isEqualTo(EXECUTORS);

    scope.close();

    Tasks.awaitNoBlocks(scope.id());
    Deadline.await(Duration.ofSeconds(10), "no offer is known", () -> offers(scope.id()) == 0);
  }

  @Test
  void roundAfterRoundAnExecutorReceivesIntoTheVectorThatItOfferedBefore() {
    JavaSparkContext spark = cluster(Map.of());
    Broadcast<Integer> series = spark.broadcast(1);
    long id = series.id();
    List<String> vectors = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      Rendezvous meeting = Rendezvous.in(directory.resolve("round" + round));
      try (BlockScope scope = new BlockScope(spark)) {
        SharedVector shared = SharedVector.publish(scope, id, Tasks.vector(SIZE, 1));
        vectors.addAll(
            Tasks.run(
                spark,
                EXECUTORS,
                (context, none) -> {
                  meeting.meet("start", EXECUTORS);
                  int vector = System.identityHashCode(shared.value());
                  meeting.meet("end", EXECUTORS);
                  return SparkEnv.get().executorId() + " " + vector;
                }));
      }
    }

    assertThat(vectors.stream().distinct()).hasSize(EXECUTORS);
    series.destroy();
  }

  @Test
  void whereStorageMemoryIsShortLessIsOfferedAndNothingPushedOutOrWrittenToDisk() {
    JavaSparkContext spark = cluster(Map.of("spark.memory.fraction", "0.04"));
    Rendezvous meeting = Rendezvous.in(directory);
    try (BlockScope scope = new BlockScope(spark)) {
      SharedVector shared = SharedVector.publish(scope, 1, Tasks.vector(SIZE, 1));
      long id = scope.id();

      List<String> states =
          Tasks.run(
              spark,
              EXECUTORS,
              (context, none) -> {
                meeting.meet("start", EXECUTORS);
                Publisher.publish(id, "first", List.of(Tasks.vector(100, 4).bytes()));
                Read read = Read.parse(Read.of(shared));
                int offered = 0;
                for (int slice = 0; slice < 24; slice++) {
                  Option<BlockStatus> status =
                      SparkEnv.get().blockManager().getStatus(Address.block(id, "shared", slice));
                  offered += status.isDefined() && status.get().diskSize() == 0 ? 1 : 0;
                }
                MemoryManager memory = SparkEnv.get().memoryManager();
                long first =
                    SparkEnv.get()
                        .blockManager()
                        .getStatus(Address.block(id, "first", 0))
                        .get()
                        .memSize();
                return "%s %d %s %d"
                    .formatted(
                        read.whole(),
                        offered,
                        memory.onHeapStorageMemoryUsed() <= memory.maxOnHeapStorageMemory(),
                        first);
              });

      assertThat(states).containsOnly("true 4 true 400");
    }
  }

  @Test
  void fewExecutorsAndLittleToSendAreServedByTheDriver() {
    assertThat(SharedSlices.pays(3, 1L << 40)).isFalse();
    assertThat(SharedSlices.pays(4, 4 << 20)).isTrue();
    assertThat(SharedSlices.pays(4, (4 << 20) - 1)).isFalse();
    assertThat(SharedSlices.fromOrigin(3, 100)).isEqualTo(300);
    assertThat(SharedSlices.fromOrigin(64, 400_000_000)).isEqualTo(400_000_000 + (64L << 24));
  }

  /** Has one executor offer what is published, and returns its process. */
  private static long offer(JavaSparkContext spark, Address origin) {
    return Tasks.run(
            spark,
            1,
            (context, none) -> {
              Publisher.offer(origin.slice(0), Tasks.vector(100, 1).bytes(), null);
              return ProcessHandle.current().pid();
            })
        .get(0);
  }

  /** Processes that are known to have the first slice beside the driver. */
  private static int offers(long scope) {
    return CollectionConverters.asJava(
            SparkEnv.get().blockManager().master().getLocations(Address.block(scope, "shared", 0)))
        .size();
  }

  /** One task in each executor, each of which reads all of it, bit by bit. */
  private static List<Read> read(JavaSparkContext spark, Jobs.Task<Integer, String> task) {
    List<Read> reads = Tasks.run(spark, EXECUTORS, task).stream().map(Read::parse).toList();
    assertThat(reads).extracting(Read::executor).doesNotHaveDuplicates();
    assertThat(reads).allMatch(read -> read.whole() && read.bytes() == BYTES);
    return reads;
  }

  private static JavaSparkContext cluster(Map<String, String> settings) {
    return JavaSparkContext.fromSparkContext(
        Cluster.processes(EXECUTORS, 1, settings).sparkContext());
  }
}
