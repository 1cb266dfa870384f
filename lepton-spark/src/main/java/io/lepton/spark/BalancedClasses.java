package io.lepton.spark;

import io.lepton.arrow.MappedShard;
import io.lepton.spark.ingest.Shard;
import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.model.Target;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/** Class weights by which all classes of a training set weigh as much together. */
final class BalancedClasses {
  private BalancedClasses() {}

  /**
   * The target with weights {@code n / (classes · count)}, counted in its column of the shards; 0
   * for a class that is not there.
   *
   * @param target with a scalar label, which ingest stores as int32
   * @param column index of its label
   */
  static Target of(Target target, ShardSet training, int column) {
    long[] counts = count(training, column, target.loss().classes());
    double share = (double) training.rows() / counts.length;
    List<Double> weights =
        Arrays.stream(counts).mapToObj(count -> count == 0 ? 0 : share / count).toList();
    return new Target(target.label(), target.loss(), target.output(), target.weight(), weights);
  }

  private static long[] count(ShardSet training, int column, int classes) {
    long[] counts = new long[classes];
    Jobs.run(
        training.shards(),
        training.partitions(),
        (context, shards) -> count(shards, column, classes),
        (partition, part) -> Arrays.setAll(counts, c -> counts[c] + part[c]));
    return counts;
  }

  private static long[] count(Iterator<Shard> shards, int column, int classes) {
    long[] counts = new long[classes];
    while (shards.hasNext()) {
      Shard shard = shards.next();
      for (MappedShard.Chunk chunk : shard.chunks()) {
        ArrowBuf labels = chunk.column(column);
        for (int row = 0; row < chunk.rows(); row++) {
          counts[labels.getInt((long) row * Integer.BYTES)]++;
        }
      }
      if (shard.moved()) {
        shard.close();
      }
    }
    return counts;
  }
}
