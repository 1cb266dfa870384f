package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lepton.spark.ingest.Permutation;
import io.lepton.tf.BatchRows;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
  private record Seen(int chunk, int row) {}

  /** A window's first step, chunks and batches. */
  private record Visit(long firstStep, List<Integer> chunks, List<List<Seen>> batches) {}

  @Test
  void anEpochCutIntoRoundsSeesEveryRowExactlyOnce() {
    Random random = new Random(23);
    for (int i = 0; i < 500; i++) {
      List<Integer> chunkRows = random.ints(random.nextInt(12), 1, 200).boxed().toList();
      int slots = 1 + random.nextInt(6);
      int batchSize = 1 + random.nextInt(300);
      long localSteps = 1L + random.nextInt(40);
      EpochOrder order = new EpochOrder(chunkRows, slots, batchSize, random.nextLong(), i, 3);
      long stepsOfOthers = order.steps() + random.nextInt(10);

      List<Seen> seen = new ArrayList<>();
      long next = 0;
      for (long from = 0; from < stepsOfOthers; from += localSteps) {
        for (Visit visit : visits(order, from, from + localSteps)) {
          assertThat(visit.firstStep()).isEqualTo(next);
          assertThat(visit.chunks()).hasSizeBetween(1, slots).doesNotHaveDuplicates();
          next += visit.batches().size();
          visit.batches().forEach(seen::addAll);
        }
      }

      assertThat(next).isEqualTo(order.steps());
      assertThat(seen).containsExactlyInAnyOrderElementsOf(all(chunkRows));
    }
  }

  @Test
  void aBatchIsFilledWithoutAllocating() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    BatchRows rows = new BatchRows(64);
    for (int[] sizes : new int[][] {{1000}, {300, 500, 200}}) {
      ChunkWindow window = new ChunkWindow(new int[sizes.length], sizes, 64, 5);
      window.fill(0, rows);
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int batch = 0; batch < 16; batch++) {
        window.fill(batch, rows);
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isZero();
    }
  }

  @Test
  void windowsAreFullUpToTheLastAndBatchesUpToTheLastOfEach() {
    Random random = new Random(29);
    for (int i = 0; i < 200; i++) {
      List<Integer> chunkRows = random.ints(1 + random.nextInt(12), 1, 90).boxed().toList();
      int slots = 1 + random.nextInt(6);
      int batchSize = 1 + random.nextInt(60);
      EpochOrder order = new EpochOrder(chunkRows, slots, batchSize, random.nextLong(), i, 3);

      List<Visit> visits = visits(order, 0, order.steps());

      assertThat(visits).hasSize((chunkRows.size() + slots - 1) / slots);
      int left = chunkRows.size();
      for (Visit visit : visits) {
        assertThat(visit.chunks()).hasSize(Math.min(slots, left));
        left -= visit.chunks().size();
        int rows = visit.chunks().stream().mapToInt(chunkRows::get).sum();
        assertThat(visit.batches()).hasSize((rows + batchSize - 1) / batchSize);
        for (List<Seen> batch : visit.batches()) {
          assertThat(batch).hasSize(Math.min(batchSize, rows));
          rows -= batch.size();
        }
      }
    }
  }

  @Test
  void aWindowIsFollowedByTheOneThatIsVisitedAfterIt() {
    for (int slots = 1; slots < 9; slots++) {
      EpochOrder order = new EpochOrder(List.of(3, 1, 4, 1, 5, 9, 2, 6), slots, 4, 1, 2, 3);
      List<List<Integer>> visited = new ArrayList<>();
      List<List<Integer>> following = new ArrayList<>();
      order.visit(
          0,
          order.steps(),
          (window, first, end, firstStep) -> {
            visited.add(chunks(window));
            following.add(order.after(window).map(EpochOrderTest::chunks).orElse(List.of()));
          });
      visited.remove(0);
      visited.add(List.of());
      assertThat(following).isEqualTo(visited);
    }
  }

  @Test
  void aBatchOfAWindowIsMixedOverItsChunks() {
    List<Integer> chunkRows = List.of(500, 500, 500, 500);
    EpochOrder order = new EpochOrder(chunkRows, 4, 100, 1, 0, 0);

    for (List<Seen> batch : visits(order, 0, order.steps()).get(0).batches()) {
      for (int chunk = 0; chunk < 4; chunk++) {
        int number = chunk;
        assertThat(batch).filteredOn(seen -> seen.chunk() == number).hasSizeBetween(8, 45);
      }
    }
  }

  @Test
  void windowsHoldOtherChunksInAnotherEpoch() {
    List<Integer> chunkRows = IntStream.range(0, 20).map(i -> 3).boxed().toList();
    Set<Set<Integer>> windows = new HashSet<>();
    for (int epoch = 0; epoch < 5; epoch++) {
      EpochOrder order = new EpochOrder(chunkRows, 4, 2, 1, epoch, 0);
      visits(order, 0, order.steps()).forEach(visit -> windows.add(new HashSet<>(visit.chunks())));
    }
    assertThat(windows).hasSizeGreaterThan(20);
  }

  @Test
  void ofOneSlotChunksFollowOneAnotherEachInAnOrderOfItsOwn() {
    List<Integer> chunkRows = List.of(17, 5, 64);
    long key = Permutation.mix(1, 2, 3);
    Permutation chunks = new Permutation(3, key);
    List<List<Seen>> expected = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int chunk = chunks.apply(i);
      Permutation rows = new Permutation(chunkRows.get(chunk), Permutation.mix(key, chunk + 1L));
      List<Seen> batch = new ArrayList<>();
      for (int row = 0; row < chunkRows.get(chunk); row++) {
        batch.add(new Seen(chunk, rows.apply(row)));
      }
      expected.add(batch);
    }

    assertThat(visits(new EpochOrder(chunkRows, 1, 64, 1, 2, 3), 0, 3))
        .flatExtracting(Visit::batches)
        .isEqualTo(expected);
  }

  @Test
  void cutsDoNotChangeTheOrder() {
    EpochOrder order = new EpochOrder(List.of(17, 5, 64, 30), 2, 4, 1, 0, 0);
    List<List<Seen>> whole = batches(order, 0, 1000);

    for (int localSteps = 1; localSteps < 25; localSteps++) {
      List<List<Seen>> cut = new ArrayList<>();
      for (long from = 0; from < order.steps(); from += localSteps) {
        cut.addAll(batches(order, from, from + localSteps));
      }
      assertThat(cut).isEqualTo(whole);
    }
  }

  @Test
  void seedEpochAndReplicaEachChangeTheOrder() {
    assertThat(order(1, 2, 3)).isEqualTo(order(1, 2, 3));
    assertThat(order(1, 2, 3))
        .isNotEqualTo(order(2, 2, 3))
        .isNotEqualTo(order(1, 3, 3))
        .isNotEqualTo(order(1, 2, 4));
  }

  @Test
  void stepsCountShortBatches() {
    assertThat(new EpochOrder(List.of(), 1, 8, 1, 0, 0).steps()).isZero();
    assertThat(new EpochOrder(List.of(8, 9, 1), 1, 8, 1, 0, 0).steps()).isEqualTo(1 + 2 + 1);
    assertThat(new EpochOrder(List.of(8, 9, 1), 3, 8, 1, 0, 0).steps()).isEqualTo(3);
    int most = Integer.MAX_VALUE;
    assertThat(new EpochOrder(List.of(most), 1, most, 1, 0, 0).steps()).isEqualTo(1);
  }

  @Test
  void noRowsAreNoSteps() {
    assertThat(visits(new EpochOrder(List.of(), 3, 8, 1, 0, 0), 0, 10)).isEmpty();
  }

  private static List<List<Seen>> order(long seed, int epoch, int replica) {
    return batches(new EpochOrder(List.of(30, 30), 2, 8, seed, epoch, replica), 0, 8);
  }

  private static List<List<Seen>> batches(EpochOrder order, long from, long to) {
    return visits(order, from, to).stream().flatMap(it -> it.batches().stream()).toList();
  }

  private static List<Visit> visits(EpochOrder order, long from, long to) {
    List<Visit> visits = new ArrayList<>();
    order.visit(
        from,
        to,
        (window, first, end, firstStep) -> {
          List<List<Seen>> batches = new ArrayList<>();
          BatchRows rows = new BatchRows(1000);
          for (int batch = first; batch < end; batch++) {
            window.fill(batch, rows);
            batches.add(seen(window, rows));
          }
          visits.add(new Visit(firstStep, chunks(window), batches));
        });
    return visits;
  }

  private static List<Integer> chunks(ChunkWindow window) {
    return IntStream.range(0, window.slots()).map(window::chunk).boxed().toList();
  }

  private static List<Seen> seen(ChunkWindow window, BatchRows rows) {
    return IntStream.range(0, rows.size())
        .mapToObj(i -> new Seen(window.chunk(rows.slot(i)), rows.row(i)))
        .toList();
  }

  private static List<Seen> all(List<Integer> chunkRows) {
    List<Seen> all = new ArrayList<>();
    for (int chunk = 0; chunk < chunkRows.size(); chunk++) {
      for (int row = 0; row < chunkRows.get(chunk); row++) {
        all.add(new Seen(chunk, row));
      }
    }
    return all;
  }
}
