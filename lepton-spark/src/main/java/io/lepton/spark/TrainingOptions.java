package io.lepton.spark;

import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.ingest.ShardStorage;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.model.ComputeType;
import io.lepton.tf.schedule.Schedule;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * How to train.
 *
 * @param seed of everything random
 * @param epochs passes over the training set, at most
 * @param batchSize examples of one local step of one replica
 * @param averaging how replicas become one model
 * @param earlyStopping when to stop before the last epoch; null never
 * @param shards where executors keep them; null for Spark's own directory
 * @param schedule of the learning rate
 * @param growth of the batch after epochs; empty for one size
 * @param ema of the weights; empty to evaluate and save the weights themselves
 * @param precision how it is found
 * @param float32Layers patterns of layers that stay in float32; only with a precision that is asked
 *     for and is mixed
 * @param compute what sessions have in common; its precision gives way to the one that is found
 */
public record TrainingOptions(
    long seed,
    int epochs,
    int batchSize,
    Averaging averaging,
    EarlyStopping earlyStopping,
    ShardStorage shards,
    Schedule schedule,
    Optional<BatchGrowth> growth,
    Optional<Ema> ema,
    PrecisionChoice precision,
    List<String> float32Layers,
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

  public TrainingOptions {
    shards = shards == null ? ShardStorage.OF_SPARK : shards;
    float32Layers = List.copyOf(float32Layers);
    if (!float32Layers.isEmpty() && !precision.isMixed()) {
      throw new IllegalArgumentException(
          "float32-layers must be empty unless the precision is mixed-bfloat16 or mixed-float16, but were: "
              + float32Layers);
    }
    requirePositive("epochs", epochs);
    requirePositive("batch-size", batchSize);
    growth.ifPresent(it -> requireFitting(it, batchSize, schedule));
  }

  /** Batches of one size. */
  public TrainingOptions(
      long seed,
      int epochs,
      int batchSize,
      Averaging averaging,
      EarlyStopping earlyStopping,
      ShardStorage shards,
      Schedule schedule,
      Optional<Ema> ema,
      PrecisionChoice precision,
      List<String> float32Layers,
      ComputeOptions compute) {
    this(
        seed,
        epochs,
        batchSize,
        averaging,
        earlyStopping,
        shards,
        schedule,
        Optional.empty(),
        ema,
        precision,
        float32Layers,
        compute);
  }

  /** Plain averages at a constant rate, of the weights themselves, in float32. */
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
        Averaging.plain(replicas, localSteps),
        earlyStopping,
        shards,
        new Schedule.Constant(),
        Optional.empty(),
        PrecisionChoice.FLOAT32,
        List.of(),
        ComputeOptions.DEFAULT);
  }

  /** The same, computed in another way. */
  public TrainingOptions computing(
      PrecisionChoice precision, List<String> float32Layers, ComputeOptions compute) {
    return new TrainingOptions(
        seed,
        epochs,
        batchSize,
        averaging,
        earlyStopping,
        shards,
        schedule,
        growth,
        ema,
        precision,
        float32Layers,
        compute);
  }

  /** The same with batches that grow. */
  public TrainingOptions growing(BatchGrowth growth) {
    return new TrainingOptions(
        seed,
        epochs,
        batchSize,
        averaging,
        earlyStopping,
        shards,
        schedule,
        Optional.of(growth),
        ema,
        precision,
        float32Layers,
        compute);
  }

  /** The same with so many replicas. */
  public TrainingOptions withReplicas(int replicas) {
    return new TrainingOptions(
        seed,
        epochs,
        batchSize,
        averaging.withReplicas(replicas),
        earlyStopping,
        shards,
        schedule,
        growth,
        ema,
        precision,
        float32Layers,
        compute);
  }

  /** Examples of a batch after an epoch, from 1, if nothing that is measured has a say. */
  int sizeAfter(int epoch, int size) {
    return growth.filter(it -> it.isDue(epoch)).map(it -> it.next(size)).orElse(size);
  }

  /** Logical copies of the model, or {@link Averaging#AUTO}. */
  public int replicas() {
    return averaging.replicas();
  }

  public Optional<EarlyStopping> stopping() {
    return Optional.ofNullable(earlyStopping);
  }

  /**
   * How the program itself must cast. On processors bfloat16 is TensorFlow's to rewrite if it may
   * be everywhere.
   */
  ComputeType computeType(boolean onGpus) {
    ComputeType.Format format =
        switch (precision) {
          case MIXED_FLOAT16 -> ComputeType.Format.FLOAT16;
          case MIXED_BFLOAT16 ->
              onGpus || !float32Layers.isEmpty()
                  ? ComputeType.Format.BFLOAT16
                  : ComputeType.Format.FLOAT32;
          case AUTO, FLOAT32 -> ComputeType.Format.FLOAT32;
        };
    return new ComputeType(format, float32Layers);
  }

  private static void requireFitting(BatchGrowth growth, int batchSize, Schedule schedule) {
    if (growth.most() <= batchSize) {
      throw new IllegalArgumentException(
          "a batch that grows must have most above batch-size, but they were: %d and %d"
              .formatted(growth.most(), batchSize));
    }
    if (growth.followsPlateau() && schedule.plateau().isEmpty()) {
      throw new IllegalArgumentException(
          "a batch must grow after epochs unless the schedule is a plateau, but that was: "
              + schedule);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, but was: " + value);
    }
  }
}
