package io.lepton.jobs;

import static io.lepton.jobs.ClusterJob.TIME;
import static io.lepton.jobs.ClusterJob.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that is told that it will be taken away, as spot machines are. */
@Tag("chaos")
class DecommissionTest {
  private static final Map<String, String> NOTICED =
      Map.of(
          "spark.decommission.enabled", "true",
          "spark.storage.decommission.enabled", "true",
          "spark.storage.decommission.rddBlocks.enabled", "true");

  @TempDir private Path directory;

  @Test
  void aMachineThatGetsNoticeHandsItsShardsOverAndTheTrainingGoesOnWithoutIt() throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.start(directory, 2, NOTICED)) {
      ClusterJob job = ClusterJob.on(cluster, directory).with(NOTICED);
      try (JavaProcess driver = job.start()) {
        driver.await("round 5/", TIME);
        JavaProcess worker = cluster.workers().get(0);
        ProcessHandle executor = StandaloneCluster.executor(worker);
        worker.signal("PWR");
        executor.onExit().orTimeout(TIME.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(driver.isAlive()).as("the training goes on").isTrue();

        assertSame(job.result(driver), ClusterJob.undisturbed(directory));
      }
    }
  }
}
