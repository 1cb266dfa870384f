package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DealTest {
  @Test
  void bucketsOfAPartitionDifferByAtMostOneRow() {
    for (int buckets : new int[] {1, 2, 3, 7, 16, 100}) {
      Deal deal = new Deal(3, buckets, 0, 0);
      for (int partition = 0; partition < 5; partition++) {
        int[] counts = new int[buckets];
        for (int row = 0; row < 1003; row++) {
          counts[deal.hand(partition).bucket(row)]++;
        }
        int fewest = Arrays.stream(counts).min().orElseThrow();
        int most = Arrays.stream(counts).max().orElseThrow();
        assertThat(most - fewest).isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void everyOrderOfBucketsComesAlong() {
    Deal deal = new Deal(3, 4, 0, 0);
    Set<List<Integer>> rounds = new HashSet<>();
    for (int round = 0; round < 1000; round++) {
      long first = 4L * round;
      rounds.add(IntStream.range(0, 4).mapToObj(i -> deal.hand(0).bucket(first + i)).toList());
    }
    assertThat(rounds).hasSize(24);
  }

  @Test
  void aSourceThatRepeatsItsClassesComesOutMixed() {
    Deal deal = new Deal(3, 4, 0, 0);
    int[][] classes = new int[4][4];
    for (int row = 0; row < 40_000; row++) {
      classes[deal.hand(0).bucket(row)][row % 4]++;
    }
    for (int[] bucket : classes) {
      for (int count : bucket) {
        assertThat(count).isBetween(2250, 2750);
      }
    }
  }

  @Test
  void aSortedSourceSpreadsEachClassOverAllBuckets() {
    Deal deal = new Deal(3, 5, 0, 0);
    for (int label = 0; label < 10; label++) {
      int[] counts = new int[5];
      for (int row = 1000 * label; row < 1000 * (label + 1); row++) {
        counts[deal.hand(0).bucket(row)]++;
      }
      assertThat(counts).containsOnly(200);
    }
  }

  @Test
  void theWantedFractionIsHeldOut() {
    for (double fraction : new double[] {0.01, 0.1, 0.5, 0.9}) {
      Deal deal = new Deal(3, 4, 4, fraction);
      int[] counts = new int[8];
      for (int row = 0; row < 100_000; row++) {
        counts[deal.hand(row % 3).bucket(row)]++;
      }
      int held = counts[4] + counts[5] + counts[6] + counts[7];
      double fiveSigma = 5 * Math.sqrt(100_000 * fraction * (1 - fraction));
      assertThat((double) held)
          .isBetween(100_000 * fraction - fiveSigma, 100_000 * fraction + fiveSigma);
      for (int i = 0; i < 4; i++) {
        assertThat(counts[i]).isBetween((100_000 - held) / 5, (100_000 - held) / 3);
        assertThat(counts[4 + i]).isBetween(held / 5, held / 3);
      }
    }
  }

  @Test
  void noFractionHoldsNothingOut() {
    Deal deal = new Deal(3, 4, 4, 0);

    assertThat(IntStream.range(0, 10_000).map(row -> deal.hand(0).bucket(row)))
        .allMatch(b -> b < 4);
  }

  @Test
  void seedAndPartitionChangeTheDeal() {
    List<Integer> dealt = dealt(3, 0);

    assertThat(dealt(3, 0)).isEqualTo(dealt);
    assertThat(dealt(3, 1)).isNotEqualTo(dealt);
    assertThat(dealt(4, 0)).isNotEqualTo(dealt);
  }

  private static List<Integer> dealt(long seed, int partition) {
    Deal deal = new Deal(seed, 4, 4, 0.2);
    return IntStream.range(0, 100).mapToObj(row -> deal.hand(partition).bucket(row)).toList();
  }
}
