package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.ingest.Permutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
  private record Seen(int chunk, int row) {}

  @Test
  void anEpochCutIntoRoundsSeesEveryRowExactlyOnce() {
    Random random = new Random(23);
    for (int i = 0; i < 300; i++) {
      List<Integer> chunkRows = random.ints(random.nextInt(6), 1, 200).boxed().toList();
      int batchSize = 1 + random.nextInt(60);
      long localSteps = 1L + random.nextInt(40);
      EpochOrder order = new EpochOrder(chunkRows, batchSize, random.nextLong(), i, 3);
      long steps = EpochOrder.steps(chunkRows, batchSize);
      long stepsOfOthers = steps + random.nextInt(10);

      List<Seen> seen = new ArrayList<>();
      long next = 0;
      for (long from = 0; from < stepsOfOthers; from += localSteps) {
        next = collect(order, from, from + localSteps, batchSize, next, seen);
      }

      assertThat(next).isEqualTo(steps);
      assertThat(seen).containsExactlyInAnyOrderElementsOf(all(chunkRows));
    }
  }

  @Test
  void cutsDoNotChangeTheOrder() {
    List<Integer> chunkRows = List.of(17, 5, 64);
    EpochOrder order = new EpochOrder(chunkRows, 4, 1, 0, 0);
    List<Seen> whole = new ArrayList<>();
    collect(order, 0, 1000, 4, 0, whole);

    for (int localSteps = 1; localSteps < 25; localSteps++) {
      List<Seen> cut = new ArrayList<>();
      long next = 0;
      for (long from = 0; from < 23; from += localSteps) {
        next = collect(order, from, from + localSteps, 4, next, cut);
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
    assertThat(EpochOrder.steps(List.of(), 8)).isZero();
    assertThat(EpochOrder.steps(List.of(8, 9, 1), 8)).isEqualTo(1 + 2 + 1);
    assertThat(EpochOrder.steps(List.of(Integer.MAX_VALUE), Integer.MAX_VALUE)).isEqualTo(1);
  }

  @Test
  void noRowsAreNoSteps() {
    List<Seen> seen = new ArrayList<>();

    assertThat(collect(new EpochOrder(List.of(), 8, 1, 0, 0), 0, 10, 8, 0, seen)).isZero();
    assertThat(seen).isEmpty();
  }

  private static List<Seen> order(long seed, int epoch, int replica) {
    List<Seen> seen = new ArrayList<>();
    collect(new EpochOrder(List.of(30, 30), 8, seed, epoch, replica), 0, 8, 8, 0, seen);
    return seen;
  }

  /** Adds the rows of some steps, checks that these go on from {@code next}, returns the next. */
  private static long collect(
      EpochOrder order, long from, long to, int batchSize, long next, List<Seen> seen) {
    long[] step = {next};
    order.visit(
        from,
        to,
        (chunk, first, end, firstStep) -> {
          assertThat(firstStep).isEqualTo(step[0]);
          Permutation rows = order.rows(chunk);
          for (int batch = first; batch < end; batch++, step[0]++) {
            assertThat(order.batchRows(chunk, batch)).isBetween(1, batchSize);
            for (int i = 0; i < order.batchRows(chunk, batch); i++) {
              seen.add(new Seen(chunk, rows.apply(batch * batchSize + i)));
            }
          }
        });
    return step[0];
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
