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

  int bucket(int partition, long row) {
    long key = Permutation.mix(seed, partition);
    if (validation > 0 && Permutation.uniform(key, row) < validationFraction) {
      return training + round(~key, row, validation);
    }
    return round(key, row, training);
  }

  private static int round(long key, long row, int buckets) {
    if (buckets == 1) {
      return 0;
    }
    return new Permutation(buckets, Permutation.mix(key, row / buckets))
        .apply((int) (row % buckets));
  }
}
