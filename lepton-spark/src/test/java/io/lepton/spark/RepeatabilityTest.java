package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.arrow.CopyLedger;
import io.lepton.arrow.TensorLease;
import io.lepton.spark.data.DataSpec;
import io.lepton.spark.data.InputSpec;
import io.lepton.spark.data.LabelSpec;
import io.lepton.spark.exchange.Tasks;
import io.lepton.spark.ingest.ExecutorMemory;
import io.lepton.tf.model.Activation;
import io.lepton.tf.model.Layer;
import io.lepton.tf.model.Loss;
import io.lepton.tf.model.Node;
import io.lepton.tf.model.Optimizer;
import io.lepton.tf.model.Padding;
import io.lepton.tf.model.PoolingLayer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same configuration, seed and files give the same bits, whatever the cluster goes through. */
class RepeatabilityTest {
  private static final int SLICE = 600;
  private static final TrainingJob JOB =
      new TrainingJob(
          "slice",
          new DataSpec(
              List.of(InputSpec.image("image", "image", List.of(28, 28, 1))),
              LabelSpec.of("label", 10),
              null),
          Node.chain(
              new Layer.Rescaling(1 / 255.0, 0),
              new Layer.Conv2d(4, 3, 1, Padding.VALID, Activation.RELU, true),
              new PoolingLayer.MaxPooling2d(2, 2, Padding.VALID),
              new Layer.Flatten(),
              new Layer.Dropout(0.2),
              new Layer.Dense(10, Activation.LINEAR, true)),
          Objective.of(new Loss.Softmax(10)),
          new Optimizer.Adam(2e-3, 0.9, 0.999, 1e-7),
          new TrainingOptions(7, 2, 2, 3, 80, null, null),
          0.25);

  @TempDir private static Path directory;

  private static String undisturbed;

  @BeforeAll
  static void trainsUndisturbed() {
    SparkSession spark = Cluster.local();
    LeptonSpark.read(spark, "parquet", "../data/fashion-mnist/test.parquet", 2)
        .limit(SLICE)
        .repartition(4)
        .write()
        .parquet(slice());
    undisturbed = train(spark, TrainingListener.NONE).parametersSha256();
  }

  @AfterEach
  void nothingIsLeft() {
    Duration time = Duration.ofSeconds(10);
    Deadline.await(time, "leases returned", () -> TensorLease.outstanding() == 0);
    Deadline.await(time, "blocks removed", () -> Tasks.blocks() == 0);
    Deadline.await(time, "shards unmapped", () -> ExecutorMemory.SHARDS.getAllocatedMemory() == 0);
  }

  @Test
  void anotherSeedGivesOtherBits() {
    TrainingOptions options = new TrainingOptions(8, 2, 2, 3, 80, null, null);
    TrainingJob job =
        new TrainingJob(
            JOB.name(), JOB.data(), JOB.layers(), JOB.objectives(), JOB.optimizer(), options, 0.25);

    assertThat(train(Cluster.local(), job, TrainingListener.NONE).parametersSha256())
        .isNotEqualTo(undisturbed);
  }

  @Test
  void oneSlotGivesTheBitsOfTwo() {
    SparkSession spark = Cluster.on("local[1]", Map.of());

    assertThat(train(spark, TrainingListener.NONE).parametersSha256()).isEqualTo(undisturbed);
  }

  @Test
  void twoProcessesGiveTheBitsOfOne() {
    SparkSession spark = Cluster.processes();
    ExecutorLosses losses = new ExecutorLosses();
    spark.sparkContext().addSparkListener(losses);

    TrainingResult result = train(spark, TrainingListener.NONE);

    assertThat(losses.count.get()).as("executors lost").isZero();
    assertThat(result.bytesCopied().get(CopyLedger.Reason.MOVE)).isPositive();
    assertThat(result.epochs()).allMatch(epoch -> epoch.bytesCopied() == 0);
    assertThat(result.parametersSha256()).isEqualTo(undisturbed);
    assertThat(result.trainingRows() + result.validationRows()).isEqualTo(SLICE);
  }

  @Test
  void aKilledAttemptChangesNothing() {
    SparkSession spark = Cluster.on("local[2,3]", Map.of());
    try (FirstAttemptKiller killer = new FirstAttemptKiller(spark.sparkContext())) {
      TrainingResult result = train(spark, killer);

      Deadline.await(
          Duration.ofSeconds(10), "an attempt has been killed", () -> killer.killed() > 0);
      assertThat(result.parametersSha256()).isEqualTo(undisturbed);
    }
  }

  @Test
  void attemptsThatFailChangeNothing() {
    SparkSession spark =
        Cluster.on(
            "local[2,3]",
            Map.of("spark.plugins", FirstAttemptsFail.class.getName(), "spark.log.level", "OFF"));
    int before = FirstAttemptsFail.failed();

    TrainingResult result = train(spark, TrainingListener.NONE);

    assertThat(FirstAttemptsFail.failed() - before).isGreaterThan(3 * result.rounds());
    assertThat(result.parametersSha256()).isEqualTo(undisturbed);
  }

  private static TrainingResult train(SparkSession spark, TrainingListener listener) {
    return train(spark, JOB, listener);
  }

  private static TrainingResult train(
      SparkSession spark, TrainingJob job, TrainingListener listener) {
    Dataset<Row> data = LeptonSpark.read(spark, "parquet", slice(), 2);
    assertThat(data.toJavaRDD().getNumPartitions()).isEqualTo(2);
    return new Trainer(job, listener, new PhaseClock()).train(data);
  }

  private static final class ExecutorLosses extends SparkListener {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
      count.incrementAndGet();
    }
  }

  private static String slice() {
    return directory.resolve("slice.parquet").toString();
  }
}
