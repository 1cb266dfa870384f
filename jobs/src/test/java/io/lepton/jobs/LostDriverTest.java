package io.lepton.jobs;

import static io.lepton.jobs.ClusterJob.TIME;
import static io.lepton.jobs.ClusterJob.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a training on a cluster, and the same command after it. */
@Tag("chaos")
class LostDriverTest {
  @TempDir private static Path shared;
  private static StandaloneCluster cluster;
  private static JsonNode undisturbed;

  @TempDir private Path directory;
  private ClusterJob job;
  private String saving;

  @BeforeAll
  static void startCluster() throws IOException {
    undisturbed = ClusterJob.undisturbed(shared);
    cluster = StandaloneCluster.start(shared, 2, Map.of());
  }

  @AfterAll
  static void endCluster() {
    cluster.close();
  }

  @BeforeEach
  void writeJob() throws IOException {
    cluster.fill(2);
    job = ClusterJob.on(cluster, directory);
    saving = job.job().saving();
  }

  @Test
  void aDriverThatIsKilledGoesOnFromItsNewestCheckpoint() throws Exception {
    kill("round 8/");

    JsonNode again = job.result(saving);
    assertThat(again.get("resumed_from").asInt()).isGreaterThanOrEqualTo(6);
    assertSame(again, undisturbed);
  }

  @Test
  void aByteThatChangedInTheNewestCheckpointHasTheOneBeforeItTaken() throws Exception {
    kill("round 8/");
    List<Path> whole = job.job().wholeCheckpoints();
    Path newest = whole.get(whole.size() - 1);
    try (RandomAccessFile file =
        new RandomAccessFile(newest.resolve("parameters.bin").toFile(), "rw")) {
      int first = file.read();
      file.seek(0);
      file.write(first ^ 1);
    }

    try (JavaProcess driver = job.start(saving)) {
      JsonNode again = job.result(driver);
      assertThat(driver.err()).contains(newest.getFileName() + " is damaged: parameters.bin ");
      assertThat(again.get("resumed_from").asInt())
          .isEqualTo(SmallJob.round(whole.get(whole.size() - 2)));
      assertSame(again, undisturbed);
    }
  }

  @Test
  void sigtermEndsTheTrainingWithCode5AndTheSameCommandGoesOn() throws Exception {
    try (JavaProcess driver = job.start(saving)) {
      driver.await("round 8/", TIME);
      driver.signal("TERM");
      assertThat(driver.ends(TIME)).as(driver.err()).isEqualTo(5);
    }
    int rounds = job.job().result().get("rounds").asInt();
    assertThat(rounds).isBetween(8, 35);

    JsonNode again = job.result(saving);
    assertThat(again.get("resumed_from").asInt()).isEqualTo(rounds);
    assertSame(again, undisturbed);
  }

  @Test
  void aTrainingWithoutExecutorsGivesUpAndGoesOnWhenWorkersAreBack() throws Exception {
    try (JavaProcess driver = job.start(saving, "--set=cluster.executor-wait=3 seconds")) {
      driver.await("round 8/", TIME);
      List<JavaProcess> workers = cluster.workers();
      List<ProcessHandle> executors = workers.stream().map(StandaloneCluster::executor).toList();
      workers.forEach(JavaProcess::kill);
      executors.forEach(JavaProcess::kill);

      assertThat(driver.ends(TIME)).as(driver.err()).isEqualTo(1);
      assertThat(job.job().result().get("error").asText())
          .startsWith(cluster.url() + " must give executors, but those at 127.0.0.")
          .contains(" are gone, and work has waited 3 seconds for one; ");
    }
    cluster.fill(2);

    JsonNode again = job.result(saving);
    assertThat(again.get("resumed_from").asInt()).isGreaterThanOrEqualTo(6);
    assertSame(again, undisturbed);
  }

  @Test
  void aFullDiskOfShardsIsToldAndTheSameCommandTrainsOnceThereIsRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "16k")) {
      String shards = "--set=shards.directory=\"%s\"".formatted(disk.path());
      try (JavaProcess driver = job.start(shards)) {
        assertThat(driver.ends(TIME)).as(driver.err()).isEqualTo(1);
      }
      assertThat(job.job().result().get("error").asText())
          .startsWith("shards need space in " + disk.path() + ", but: No space left on device");
      disk.resize("16m");

      assertSame(job.result(shards), undisturbed);
    }
  }

  private void kill(String line) throws IOException {
    try (JavaProcess driver = job.start(saving)) {
      driver.await(line, TIME);
      driver.kill();
    }
  }
}
