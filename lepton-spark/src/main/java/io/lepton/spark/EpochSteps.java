package io.lepton.spark;

import io.lepton.spark.ingest.ShardSet;
import io.lepton.tf.schedule.Timeline;
import java.util.Arrays;

/**
 * How many steps each epoch of a training has, those of the replica that takes most, and of how
 * many examples. One thread.
 */
final class EpochSteps {
  private final ShardSet training;
  private final int slots;
  private final TrainingOptions options;
  private final int[] batchSizes;
  private final long[] first;
  private final long[] firstEven;

  /**
   * Counts them, as far as is known how the batch grows.
   *
   * @param slots chunks that are loaded at a time
   */
  EpochSteps(ShardSet training, int slots, TrainingOptions options) {
    this.training = training;
    this.slots = slots;
    this.options = options;
    this.batchSizes = new int[options.epochs()];
    this.first = new long[options.epochs() + 1];
    Arrays.fill(batchSizes, options.batchSize());
    count(0);
    this.firstEven = first.clone();
    resize(0, options.batchSize());
  }

  /** Batches of an epoch, from 0, and of those after it, have another size. */
  void resize(int epoch, int batchSize) {
    int size = batchSize;
    boolean changed = false;
    for (int later = epoch; later < batchSizes.length; later++) {
      changed |= batchSizes[later] != size;
      batchSizes[later] = size;
      size = options.sizeAfter(later + 1, size);
    }
    if (changed) {
      count(epoch);
    }
  }

  private void count(int from) {
    for (int epoch = from; epoch < batchSizes.length; epoch++) {
      long longest = 0;
      for (int bucket = 0; bucket < training.buckets(); bucket++) {
        EpochOrder order =
            new EpochOrder(
                training.chunkRows(bucket),
                slots,
                batchSizes[epoch],
                options.seed(),
                epoch,
                bucket);
        longest = Math.max(longest, order.steps());
      }
      first[epoch + 1] = first[epoch] + longest;
    }
  }

  /** Examples of a step of an epoch, from 0. */
  int batchSize(int epoch) {
    return batchSizes[epoch];
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

  /** The whole training on the schedule's clock. */
  Timeline timeline() {
    return new Timeline(firstEven[firstEven.length - 1], first.length - 1.0);
  }

  /** The schedule's clock in an epoch, from 0. */
  Pace pace(int epoch) {
    long even = firstEven[epoch + 1] - firstEven[epoch];
    return new Pace(first[epoch], firstEven[epoch], (double) even / in(epoch));
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
