package io.lepton.spark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PermutationTest {
  @Test
  void everyElementComesExactlyOnce() {
    for (int size = 1; size <= 300; size++) {
      assertBijection(size, size * 31L);
    }
    for (int size : new int[] {1009, 4095, 4096, 4097, 65_537, 1_000_003}) {
      assertBijection(size, 5);
    }
    Random random = new Random(17);
    for (int i = 0; i < 200; i++) {
      assertBijection(1 + random.nextInt(20_000), random.nextLong());
    }
  }

  @Test
  void theLargestSizeStaysInside() {
    Permutation permutation = new Permutation(Integer.MAX_VALUE, 3);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      assertThat(permutation.apply(Integer.MAX_VALUE - 1 - i)).isNotNegative();
      assertThat(seen.add(permutation.apply(Integer.MAX_VALUE - 1 - i))).isTrue();
    }
  }

  @Test
  void equalKeysGiveEqualOrdersAndOtherKeysOthers() {
    Set<List<Integer>> orders = new HashSet<>();
    for (int key = 0; key < 1000; key++) {
      assertThat(order(50, key)).isEqualTo(order(50, key));
      orders.add(order(50, key));
    }
    assertThat(orders).hasSize(1000);
  }

  @Test
  void everyElementIsEquallyLikelyToComeFirst() {
    for (int size : new int[] {2, 3, 10, 16, 17}) {
      int keys = 10_000 * size;
      int[] first = new int[size];
      for (int key = 0; key < keys; key++) {
        first[new Permutation(size, key).apply(0)]++;
      }
      double fiveSigma = 5 * Math.sqrt(10_000 * (1 - 1.0 / size));
      for (int count : first) {
        assertThat(count).isBetween((int) (10_000 - fiveSigma), (int) (10_000 + fiveSigma));
      }
    }
  }

  @Test
  void aRunOfPositionsGoesWhereEachGoesAlone() {
    for (int size : new int[] {1, 2, 37, 1024, 10_000}) {
      Permutation permutation = new Permutation(size, 4);
      int[] run = new int[size];
      permutation.apply(size / 3, size - size / 3, run);
      assertThat(Arrays.copyOf(run, size - size / 3))
          .containsExactly(IntStream.range(size / 3, size).map(permutation::apply).toArray());
    }
  }

  @Test
  void neighboursDoNotStayNeighbours() {
    Permutation permutation = new Permutation(10_000, 9);
    long together =
        IntStream.range(1, 10_000)
            .filter(i -> Math.abs(permutation.apply(i) - permutation.apply(i - 1)) == 1)
            .count();
    assertThat(together).isLessThan(20);
  }

  @Test
  void uniformNumbersAreSpreadEvenly() {
    int[] tenths = new int[10];
    for (int i = 0; i < 100_000; i++) {
      tenths[(int) (10 * Permutation.uniform(5, i))]++;
    }
    for (int count : tenths) {
      assertThat(count).isBetween(9500, 10_500);
    }
  }

  @Test
  void aSizeMustBePositive() {
    assertThatThrownBy(() -> new Permutation(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size must be positive, but was: 0");
  }

  private static List<Integer> order(int size, long key) {
    Permutation permutation = new Permutation(size, key);
    return IntStream.range(0, size).map(permutation::apply).boxed().toList();
  }

  private static void assertBijection(int size, long key) {
    Permutation permutation = new Permutation(size, key);
    BitSet seen = new BitSet(size);
    for (int i = 0; i < size; i++) {
      seen.set(permutation.apply(i));
    }
    assertThat(seen.cardinality()).isEqualTo(size);
    assertThat(seen.length()).isEqualTo(size);
  }
}
