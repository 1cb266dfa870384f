package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that grows, as commands see it. */
class BatchGrowthCommandTest {
  private static final String GROWING =
      "--set=training.batch-growth { most = 64, after-epochs = 1 }";

  @TempDir private Path directory;

  private SmallJob job;

  @BeforeEach
  void writeJob() throws IOException {
    job = SmallJob.in(directory);
  }

  @Test
  void eachGrowthIsToldWithItsReasonAndPlannedBefore() throws IOException {
    CommandRun plan = job.run("plan", GROWING);
    CommandRun run = job.run("train", GROWING);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("rounds").asInt()).isEqualTo(4 + 2);
    assertThat(plan.json().get("rounds")).isEqualTo(run.json().get("rounds"));
    JsonNode grown = run.json().get("adaptations").get(0);
    assertThat(grown.get("knob").asText()).isEqualTo("batch-size");
    assertThat(grown.get("from").asInt()).isEqualTo(16);
    assertThat(grown.get("to").asInt()).isEqualTo(32);
    assertThat(grown.get("round").asInt()).isEqualTo(5);
    assertThat(grown.get("reason").asText()).isEqualTo("epoch 1 is over");
    assertThat(run.err()).contains("\nbatch-size 16 → 32 from round 5: epoch 1 is over\n");
    assertThat(Files.readString(directory.resolve("run/rounds.jsonl")))
        .contains("\"knob\":\"batch-size\"", "\"batch_size\":16", "\"batch_size\":32");
  }

  @Test
  void aScheduleThatTheBatchFollowedMayNotChange() {
    String growing = "--set=training.batch-growth.most = 64";
    String schedule = "--set=training.learning-rate-schedule.plateau.patience = ";
    assertThat(job.run("train", job.saving(), growing, schedule + 1).code()).isZero();

    CommandRun run =
        job.run("train", job.saving(), growing, schedule + 2, TrainCommand.ACCEPT_CHANGES);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("is of another configuration:")
        .contains("training.learning-rate-schedule.plateau.patience");
  }
}
