package io.lepton.spark;

import io.lepton.spark.ingest.ShardStorage;
import io.lepton.tf.ComputeOptions;
import java.io.Serializable;
import java.util.Optional;

/**
 * How to train.
 *
 * @param seed of everything random
 * @param epochs passes over the training set, at most
 * @param batchSize examples of one local step of one replica
 * @param replicas logical copies of the model, trained side by side and averaged
 * @param localSteps steps between two averages (H)
 * @param earlyStopping when to stop before the last epoch; null never
 * @param shards where executors keep them; null for Spark's own directory
 * @param precision how it is found
 * @param compute what sessions have in common; its precision gives way to the one that is found
 */
public record TrainingOptions(
    long seed,
    int epochs,
    int batchSize,
    int replicas,
    int localSteps,
    EarlyStopping earlyStopping,
    ShardStorage shards,
    PrecisionChoice precision,
    ComputeOptions compute)
    implements Serializable {
  /**
   * Stop when a validation metric has not become better for a number of epochs.
   *
   * @param metric a metric of the loss, or {@code loss}
   * @param patience epochs without a better value before stopping
   */
  public record EarlyStopping(String metric, int patience) implements Serializable {
    public EarlyStopping {
      requirePositive("patience", patience);
    }
  }

  /** Options of a training in float32. */
  public TrainingOptions(
      long seed,
      int epochs,
      int batchSize,
      int replicas,
      int localSteps,
      EarlyStopping earlyStopping,
      ShardStorage shards) {
    this(
        seed,
        epochs,
        batchSize,
        replicas,
        localSteps,
        earlyStopping,
        shards,
        PrecisionChoice.FLOAT32,
        ComputeOptions.DEFAULT);
  }

  /** The same, computed in another way. */
  public TrainingOptions computing(PrecisionChoice precision, ComputeOptions compute) {
    return new TrainingOptions(
        seed, epochs, batchSize, replicas, localSteps, earlyStopping, shards, precision, compute);
  }

  public TrainingOptions {
    shards = shards == null ? ShardStorage.OF_SPARK : shards;
    requirePositive("epochs", epochs);
    requirePositive("batch-size", batchSize);
    requirePositive("replicas", replicas);
    requirePositive("local-steps", localSteps);
  }

  public Optional<EarlyStopping> stopping() {
    return Optional.ofNullable(earlyStopping);
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, but was: " + value);
    }
  }
}
