package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many replicas commands take, and what they say of it. */
class PlacementCommandTest {
  private static final String AUTO = "--set=averaging.replicas=auto";

  @TempDir private Path directory;

  private SmallJob job;

  @BeforeEach
  void writeJob() throws IOException {
    job = SmallJob.in(directory);
  }

  @Test
  void aPlanExplainsThePlacementAndWhatCouldBeBetter() throws IOException {
    CommandRun plan = job.run("plan", "--set=averaging.replicas=3");

    assertThat(plan.code()).as(plan.err()).isZero();
    JsonNode placement = plan.json().get("placement");
    assertThat(placement.get("cores").asInt()).isEqualTo(2);
    assertThat(placement.get("slots").asInt()).isEqualTo(2);
    assertThat(placement.get("replicas").asInt()).isEqualTo(3);
    assertThat(placement.get("source").asText()).isEqualTo("set");
    assertThat(placement.get("at_once").asInt()).isEqualTo(2);
    assertThat(placement.get("waves").asInt()).isEqualTo(2);
    assertThat(placement.get("threads").asInt()).isEqualTo(1);
    assertThat(placement.get("idle_share").asDouble()).isEqualTo(0.25);
    assertThat(plan.err())
        .contains("\nplacement\n  1 executor of 2 cores, 1 core a task: 2 slots\n")
        .contains("\n  3 replicas (averaging.replicas is set), 2 at a time on 1 thread each\n")
        .contains("\n  a round has 2 waves, slots idle for 25 % of them\n")
        .contains("\n  ! " + placement.get("advice").get(0).asText() + "\n")
        .contains("two such loops step 2.0 to 2.1 times as fast as one");
  }

  @Test
  void autoTakesTheSlotsAndGivesTheBitsOfThatNumber() throws IOException {
    CommandRun auto = job.run("train", AUTO, "--set=training.precision=float32");
    CommandRun two =
        job.run("train", "--set=averaging.replicas=2", "--set=training.precision=float32");
    CommandRun one = job.on("local[1]").run("train", AUTO, "--set=training.precision=float32");

    assertThat(auto.json().get("placement").get("replicas").asInt()).isEqualTo(2);
    assertThat(auto.json().get("placement").get("source").asText()).isEqualTo("auto");
    assertThat(auto.json().get("parameters_sha256")).isEqualTo(two.json().get("parameters_sha256"));
    assertThat(one.json().get("placement").get("replicas").asInt()).isEqualTo(1);
    assertThat(one.err())
        .contains("1 replica (averaging.replicas = auto: one for each slot), 1 at a time");
  }

  @Test
  void whatGoesOnKeepsTheReplicasThatItBeganWith() throws IOException {
    String[] settings = {AUTO, job.saving(), "--set=training.precision=float32"};
    String more = "--set=training.epochs=3";
    assertThat(job.run("train", settings).code()).isZero();
    CommandRun resumed =
        job.on("local[1]")
            .run("train", settings[0], settings[1], settings[2], more, TrainCommand.ACCEPT_CHANGES);
    CommandRun whole =
        job.run("train", "--set=averaging.replicas=2", "--set=training.precision=float32", more);

    assertThat(resumed.json().get("placement").get("source").asText()).isEqualTo("checkpoint");
    assertThat(resumed.json().get("placement").get("replicas").asInt()).isEqualTo(2);
    assertThat(resumed.json().get("resumed_from").asInt()).isEqualTo(8);
    assertThat(resumed.json().get("parameters_sha256"))
        .isEqualTo(whole.json().get("parameters_sha256"));
    assertThat(resumed.err())
        .contains("2 replicas (averaging.replicas = auto: those of the checkpoint), 1 at a time");
  }
}
