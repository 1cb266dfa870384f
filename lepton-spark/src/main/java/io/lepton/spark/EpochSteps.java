package io.lepton.spark;

import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.schedule.Timeline;

/** How many steps each epoch of a training has: those of the replica that takes most. */
final class EpochSteps {
  private final long[] first;

  /**
   * Counts them.
   *
   * @param slots chunks that are loaded at a time
   */
  EpochSteps(ShardSet training, int slots, TrainingOptions options) {
    first = new long[options.epochs() + 1];
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      long longest = 0;
      for (int bucket = 0; bucket < training.buckets(); bucket++) {
        EpochOrder order =
            new EpochOrder(
                training.chunkRows(bucket),
                slots,
                options.batchSize(),
                options.seed(),
                epoch,
                bucket);
        longest = Math.max(longest, order.steps());
      }
      first[epoch + 1] = first[epoch] + longest;
    }
  }

  /** Steps of an epoch, from 0. */
  long in(int epoch) {
    return first[epoch + 1] - first[epoch];
  }

  /** Steps of all epochs before one. */
  long before(int epoch) {
    return first[epoch];
  }

  long all() {
    return first[first.length - 1];
  }

  Timeline timeline() {
    return new Timeline(all(), first.length - 1.0);
  }

  /** The epoch of a step of the whole training. */
  int epochOf(long step) {
    int epoch = 0;
    while (first[epoch + 1] <= step) {
      epoch++;
    }
    return epoch;
  }

  /** Rounds that are left after a step of an epoch, if each takes so many steps. */
  long rounds(int epoch, long after, long localSteps) {
    long rounds = rounds(in(epoch) - after, localSteps);
    for (int later = epoch + 1; later < first.length - 1; later++) {
      rounds += rounds(in(later), localSteps);
    }
    return rounds;
  }

  private static long rounds(long steps, long localSteps) {
    return (steps + localSteps - 1) / localSteps;
  }
}
