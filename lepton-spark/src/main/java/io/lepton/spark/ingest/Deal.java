package io.lepton.spark.ingest;

import java.io.Serializable;

/**
 * Which bucket a row goes to: training buckets first, then validation buckets. Depends on (seed,
 * scan partition, row) only; each run of as many rows as there are training buckets is dealt once
 * round, in an order of its own, so that shards differ by few rows and an ordered source comes out
 * mixed.
 *
 * @param seed of the order
 * @param training number of buckets
 * @param validation number of buckets, 0 if the fraction is 0
 * @param validationFraction share of rows that go to validation
 */
record Deal(long seed, int training, int validation, double validationFraction)
    implements Serializable {
  int buckets() {
    return training + validation;
  }

  /** Deals the rows of a partition. */
  Hand hand(int partition) {
    return new Hand(Permutation.mix(seed, partition));
  }

  /** The deal of one partition; cheapest when asked row after row. One thread. */
  final class Hand {
    private final long key;
    private final Turn trainingTurn;
    private final Turn validationTurn;

    private Hand(long key) {
      this.key = key;
      this.trainingTurn = new Turn(key, training);
      this.validationTurn = new Turn(~key, validation);
    }

    int bucket(long row) {
      return validation > 0 && Permutation.uniform(key, row) < validationFraction
          ? training + validationTurn.bucket(row)
          : trainingTurn.bucket(row);
    }
  }

  /**
   * The order of buckets in each run of as many rows: a shuffle (Fisher and Yates) by its number.
   */
  private static final class Turn {
    private final long key;
    private final int[] order;
    private long run = -1;

    Turn(long key, int buckets) {
      this.key = key;
      this.order = new int[buckets];
    }

    int bucket(long row) {
      if (order.length == 1) {
        return 0;
      }
      long wanted = row / order.length;
      if (wanted != run) {
        run = wanted;
        shuffle();
      }
      return order[(int) (row - wanted * order.length)];
    }

    private void shuffle() {
      long random = Permutation.mix(key, run);
      for (int i = 0; i < order.length; i++) {
        random = Permutation.next(random);
        int other = (int) (((random >>> 33) * (i + 1)) >>> 31);
        order[i] = order[other];
        order[other] = i;
      }
    }
  }
}
