package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.lepton.spark.averaging.Averaging;
import io.lepton.tf.ComputeOptions;
import io.lepton.tf.PageLocking;
import io.lepton.tf.Precision;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final ComputeOptions DETERMINISTIC =
      new ComputeOptions(Precision.FLOAT32, true, false, true, 0, PageLocking.AUTO);

  @Test
  void autoGivesEachSlotOfTheContextAReplica() {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(Cluster.on("local[3]", Map.of()).sparkContext());

    Placement placement =
        Placement.of(spark, options(Averaging.AUTO), Recovery.none(new StopRequest()));

    assertThat(placement.cluster()).isEqualTo(new ClusterSize(1, 3, 1, 3, false, true));
    assertThat(placement.replicas()).isEqualTo(3);
    assertThat(placement.source()).isEqualTo(Placement.Source.AUTO);
    assertThat(placement.threads()).isEqualTo(1);
    assertThat(placement.advice()).isEmpty();
  }

  @Test
  void slotsAreWhatTasksLeaveOfEachExecutor() {
    assertThat(cluster(2, 16, Map.of()).slots()).isEqualTo(16);
    assertThat(cluster(2, 16, Map.of("spark.task.cpus", "3")).slots()).isEqualTo(2 * 2);
    Map<String, String> gpus =
        Map.of("spark.task.resource.gpu.amount", "0.5", "spark.executor.resource.gpu.amount", "2");
    assertThat(cluster(2, 16, gpus).slots()).isEqualTo(2 * 4);
    assertThat(cluster(2, 16, gpus).gpus()).isTrue();
  }

  @Test
  void replicasThatAreNoMultipleOfTheSlotsLeaveSomeIdle() {
    Placement three = placement(cluster(1, 2, Map.of()), 3);
    assertThat(three.waves()).isEqualTo(2);
    assertThat(three.atOnce()).isEqualTo(2);
    assertThat(three.idleShare()).isEqualTo(0.25, offset(1e-12));
    assertThat(three.advice())
        .containsExactly(
            "3 replicas are not a multiple of 2 slots: the last of 2 waves leaves 1 of them idle, 25"
                + " % of the time of all; averaging.replicas = 2 or 4 leaves none");

    Placement four = placement(cluster(1, 2, Map.of()), 4);
    assertThat(four.idleShare()).isZero();
    assertThat(four.advice()).isEmpty();

    Placement two = placement(cluster(2, 16, Map.of()), 2);
    assertThat(two.idleShare()).isEqualTo(14 / 16.0, offset(1e-12));
    assertThat(two.advice())
        .containsExactly("14 of 16 slots have no replica: averaging.replicas = 16 gives each one");
  }

  @Test
  void aReplicaHasAsManyThreadsAsItsTaskHasCores() {
    ClusterSize cluster = cluster(1, 7, Map.of("spark.task.cpus", "3"));
    Placement free = Placement.of(cluster, options(2), OptionalInt.empty());
    Placement fixed =
        Placement.of(
            cluster,
            options(2).computing(PrecisionChoice.FLOAT32, List.of(), DETERMINISTIC),
            OptionalInt.empty());

    assertThat(free.threads()).isEqualTo(3);
    assertThat(free.advice())
        .containsExactly(
            "1 of 7 cores are in no slot, as a task takes spark.task.cpus = 3 of an executor's",
            "3 threads a replica use cores worse than 3 replicas of one thread; set spark.task.cpus"
                + " = 1 unless replicas side by side need too much memory");
    assertThat(fixed.threads()).isEqualTo(1);
    assertThat(fixed.advice())
        .contains(
            "a replica uses 1 of its spark.task.cpus = 3 cores, as session.deterministic = true;"
                + " set spark.task.cpus = 1");
  }

  @Test
  void autoGoesOnWithTheReplicasOfTheCheckpointAndANumberWithItself() {
    ClusterSize cluster = cluster(1, 8, Map.of());

    Placement resumed = Placement.of(cluster, options(Averaging.AUTO), OptionalInt.of(2));

    assertThat(resumed.replicas()).isEqualTo(2);
    assertThat(resumed.source()).isEqualTo(Placement.Source.CHECKPOINT);
    assertThat(placement(cluster, 5).source()).isEqualTo(Placement.Source.SET);
  }

  @Test
  void aTrainerIsToldANumber() {
    TrainingJob job = Table.job(Table.DATA, 0.1, options(Averaging.AUTO));

    assertThatThrownBy(() -> new Trainer(job, TrainingListener.NONE, new PhaseClock()))
        .hasMessageStartingWith("a trainer must be told how many replicas there are");
    assertThat(job.withReplicas(3).options().replicas()).isEqualTo(3);
  }

  private static Placement placement(ClusterSize cluster, int replicas) {
    return Placement.of(cluster, options(replicas), OptionalInt.empty());
  }

  private static TrainingOptions options(int replicas) {
    return Table.options(1, 4, Averaging.plain(replicas, 1));
  }

  private static ClusterSize cluster(int executors, int cores, Map<String, String> settings) {
    SparkConf conf = new SparkConf(false);
    settings.forEach(conf::set);
    return ClusterSize.of(conf, executors, cores, false);
  }
}
