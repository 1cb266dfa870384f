package io.lepton.spark.ingest;

import org.apache.spark.Partition;

/** A partition that is its number. */
record IndexedPartition(int index) implements Partition {
  static Partition[] some(int count) {
    Partition[] partitions = new Partition[count];
    for (int i = 0; i < count; i++) {
      partitions[i] = new IndexedPartition(i);
    }
    return partitions;
  }
}
