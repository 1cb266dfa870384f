package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan knows of rounds that were run. */
class PlannedCostsTest {
  @TempDir private Path directory;

  private SmallJob job;

  @BeforeEach
  void writeJob() throws IOException {
    job = SmallJob.in(directory);
  }

  @Test
  void aPlanGoesByWhatATrainingMeasured() throws IOException {
    CommandRun train = job.run("train");
    Path run = Files.move(directory.resolve("run"), directory.resolve("earlier"));
    CommandRun plan = job.run("plan", "--costs", run.toString(), "--scale=10");
    CommandRun assumed = job.run("plan");

    JsonNode costs = train.json().get("costs");
    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(costs.get("rounds").asInt()).isEqualTo(6);
    assertThat(costs.get("replicas").asInt()).isEqualTo(2);
    assertThat(costs.get("batch_size").asInt()).isEqualTo(16);
    assertThat(plan.json().get("costs").asText()).isEqualTo("measured");
    assertThat(plan.json().get("seconds_per_step").asDouble())
        .isEqualTo(costs.get("step_seconds").asDouble());
    double vector = costs.get("vector").asDouble();
    double deltas = 2 * costs.get("sent").asDouble();
    assertThat(plan.json().get("sync_seconds").asDouble())
        .isEqualTo(
            costs.get("fixed_seconds").asDouble()
                + vector
                    * (costs.get("publish_seconds").asDouble()
                        + costs.get("replica_seconds").asDouble()
                        + costs.get("move_seconds").asDouble())
                + deltas * costs.get("fold_seconds").asDouble(),
            offset(1e-3));
    assertThat(plan.err())
        .contains("costs of a round were measured in 6 rounds of 2 replicas and ")
        .contains("a round of 2 steps over a driver's link of 10.0 Gbit/s");
    assertThat(assumed.json().get("costs").asText()).isEqualTo("assumed");
    assertThat(assumed.err()).contains("--costs RUN_DIR takes those of a run");
  }

  @Test
  void checkpointsAreInTheDriversMemory() {
    JsonNode without = json(job.run("plan"));
    JsonNode with = json(job.run("plan", job.saving()));

    long down1Up2 = without.get("bytes_per_round").asLong();
    assertThat(with.get("driver_bytes").asLong() - without.get("driver_bytes").asLong())
        .isEqualTo(2 * down1Up2 / 3);
  }

  @Test
  void whatIsNoRunIsRefused() throws IOException {
    CommandRun nothing = job.run("plan", "--costs=" + directory.resolve("nowhere"));
    Path empty = Files.writeString(directory.resolve("empty.json"), "{}");
    CommandRun without = job.run("plan", "--costs=" + empty);

    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err())
        .contains("--costs must name what a training left")
        .contains("there is no file");
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err()).contains("has no costs");
  }

  private static JsonNode json(CommandRun run) {
    try {
      return run.json();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
