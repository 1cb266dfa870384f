package io.lepton.jobs;

import static io.lepton.jobs.ClusterJob.TIME;
import static io.lepton.jobs.ClusterJob.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Executors and workers that are lost, stand still, lag behind, come and go in a training. */
@Tag("chaos")
class LostMachinesTest {
  @TempDir private static Path shared;
  private static StandaloneCluster cluster;
  private static JsonNode undisturbed;

  @TempDir private Path directory;
  private ClusterJob job;

  @BeforeAll
  static void startCluster() throws IOException {
    undisturbed = ClusterJob.undisturbed(shared);
    cluster = StandaloneCluster.start(shared, 2, Map.of("spark.decommission.enabled", "true"));
  }

  @AfterAll
  static void endCluster() {
    cluster.close();
  }

  @BeforeEach
  void writeJob() throws IOException {
    cluster.fill(2);
    job = ClusterJob.on(cluster, directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anyNumberOfExecutorsGivesTheSameBits(int executors) throws Exception {
    ClusterJob some = job.with(Map.of("spark.cores.max", Integer.toString(executors)));
    try (JavaProcess driver = some.start()) {
      driver.await("round 20/", TIME);
      assertThat(cluster.workers().stream().mapToInt(worker -> worker.children().size()).sum())
          .isEqualTo(executors);
      assertSame(some.result(driver), undisturbed);
    }
  }

  @Test
  void anExecutorThatIsKilledInARoundIsReplaced() throws Exception {
    try (JavaProcess driver = job.start()) {
      driver.await("round 5/", TIME);
      JavaProcess.kill(StandaloneCluster.executor(cluster.workers().get(0)));

      assertSame(job.result(driver), undisturbed);
      assertThat(driver.err()).contains("Lost executor ");
    }
  }

  @Test
  void aWorkerThatIsKilledWithItsExecutorIsDoneWithout() throws Exception {
    try (JavaProcess driver = job.start()) {
      driver.await("round 5/", TIME);
      JavaProcess worker = cluster.workers().get(0);
      ProcessHandle executor = StandaloneCluster.executor(worker);
      worker.kill();
      JavaProcess.kill(executor);

      assertSame(job.result(driver), undisturbed);
      assertThat(driver.err()).contains("Lost executor ");
    }
  }

  @Test
  void aWorkerThatIsDecommissionedHandsItsShardsOver() throws Exception {
    ClusterJob leaving =
        job.with(
            Map.of(
                "spark.decommission.enabled", "true",
                "spark.storage.decommission.enabled", "true",
                "spark.storage.decommission.rddBlocks.enabled", "true"));
    try (JavaProcess driver = leaving.start()) {
      driver.await("round 5/", TIME);
      JavaProcess worker = cluster.workers().get(0);
      ProcessHandle executor = StandaloneCluster.executor(worker);
      worker.signal("PWR");
      worker.await("Decommission worker", TIME);

      assertSame(leaving.result(driver), undisturbed);
      assertThat(executor.isAlive()).isFalse();
      worker.kill();
    }
  }

  @Test
  void anExecutorThatStandsStillIsReplacedAndDoesNoHarmWhenItGoesOn() throws Exception {
    ClusterJob impatient =
        job.with(
            Map.of(
                "spark.executor.heartbeatInterval", "1s",
                "spark.network.timeout", "15s",
                "spark.network.timeoutInterval", "1s"));
    try (JavaProcess driver = impatient.start()) {
      driver.await("round 5/", TIME);
      ProcessHandle executor = StandaloneCluster.executor(cluster.workers().get(0));
      JavaProcess.signal(executor, "STOP");
      driver.await("Lost executor ", TIME);
      JavaProcess.signal(executor, "CONT");

      assertSame(impatient.result(driver), undisturbed);
    }
  }

  @Test
  void tasksThatLagBehindAreDoneElsewhereWithSpeculation() throws Exception {
    Path held = Files.createDirectory(directory.resolve("held"));
    ClusterJob speculating =
        job.with(
            Map.of(
                "spark.speculation",
                "true",
                "spark.speculation.interval",
                "50ms",
                "spark.speculation.quantile",
                "0.5",
                "spark.speculation.minTaskRuntime",
                "300ms",
                "spark.plugins",
                HeldBackTasks.class.getName(),
                HeldBackTasks.DIRECTORY,
                held.toString()));

    assertSame(speculating.result(), undisturbed);
    assertThat(held).isDirectoryContaining("glob:**/stage-*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10s", "1s"})
  void executorsThatComeAndGoByDynamicAllocationGiveTheSameBits(String idle) throws Exception {
    ClusterJob dynamic =
        job.with(
            Map.of(
                "spark.cores.max", "3",
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.initialExecutors", "1",
                "spark.dynamicAllocation.schedulerBacklogTimeout", "1s",
                "spark.dynamicAllocation.executorIdleTimeout", idle,
                "spark.dynamicAllocation.cachedExecutorIdleTimeout", idle));

    assertSame(dynamic.result(), undisturbed);
  }
}
