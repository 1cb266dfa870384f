package io.lepton.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same command line again, after whatever ended the one before. */
class ResumeCommandTest {
  private static final Duration TIME = Duration.ofMinutes(2);

  @TempDir private Path directory;

  private SmallJob job;
  private String[] saving;

  @BeforeEach
  void writeJob() throws IOException {
    job = SmallJob.in(directory);
    saving = new String[] {"--set=training.epochs=8", job.saving()};
  }

  @Test
  void sigtermEndsARunAfterItsRoundAndTheSameCommandEndsTheTraining() throws Exception {
    JsonNode undisturbed = done(job.run("train", "--set=training.epochs=8"));
    try (JavaProcess process = job.start(List.of(), saving)) {
      process.await("round 3/", TIME);
      process.signal("TERM");
      assertThat(process.ends(TIME)).isEqualTo(5);
    }
    JsonNode interrupted = job.result();
    assertThat(interrupted.get("status").asText()).isEqualTo("interrupted");
    assertThat(interrupted.get("exit_code").asInt()).isEqualTo(5);
    assertThat(interrupted.get("saved").asBoolean()).isTrue();
    int rounds = interrupted.get("rounds").asInt();
    assertThat(rounds).isBetween(3, 31);
    assertThat(job.checkpoints().resolve("checkpoint-%08d/MANIFEST.json".formatted(rounds)))
        .exists();

    CommandRun again = job.run("train", saving);
    assertThat(done(again).get("resumed_from").asInt()).isEqualTo(rounds);
    assertSame(done(again), undisturbed);
    assertThat(again.err()).contains("going on from checkpoint-%08d in ".formatted(rounds));
  }

  @Test
  void aKilledRunWithADamagedNewestCheckpointGoesOnFromTheOneBeforeIt() throws Exception {
    JsonNode undisturbed = done(job.run("train", "--set=training.epochs=8"));
    try (JavaProcess process = job.start(List.of(), saving)) {
      process.await("round 12/", TIME);
      process.kill();
    }
    List<Path> whole = job.wholeCheckpoints();
    assertThat(whole).hasSizeGreaterThan(1);
    Path newest = whole.get(whole.size() - 1);
    Files.writeString(newest.resolve("state.json"), "{}");

    CommandRun again = job.run("train", saving);

    assertThat(again.err())
        .contains(newest.getFileName() + " is damaged: state.json has 2 bytes instead of ");
    assertThat(done(again).get("resumed_from").asInt())
        .isEqualTo(SmallJob.round(whole.get(whole.size() - 2)));
    assertSame(done(again), undisturbed);
  }

  @Test
  void withoutCheckpointsSigtermSaysThatNothingWasSaved() throws Exception {
    try (JavaProcess process = job.start(List.of(), "--set=training.epochs=1000")) {
      process.await("round 3/", TIME);
      process.signal("TERM");
      assertThat(process.ends(TIME)).isEqualTo(5);
    }
    assertThat(job.result().get("message").asText())
        .endsWith("nothing was saved, as checkpoints.directory is not set");
    assertThat(job.result().get("saved").asBoolean()).isFalse();
  }

  @Test
  void aFinishedJobIsNotTrainedAgainButForMoreEpochs() throws IOException {
    String place = "--set=checkpoints.directory=\"%s\"".formatted(job.checkpoints());
    JsonNode first = done(job.run("train", place));
    assertThat(first.get("resumed_from").isNull()).isTrue();
    assertThat(first.get("checkpoints").get("newest").asInt()).isEqualTo(8);
    assertThat(first.get("checkpoints").get("failed").asInt()).isZero();
    assertThat(first.get("checkpoints").get("copied_bytes").asLong()).isZero();

    CommandRun again = job.run("train", place, "--set=output.model=\"%s\"".formatted(other()));
    assertThat(done(again).get("resumed_from").asInt()).isEqualTo(8);
    assertThat(again.err()).doesNotContain("round ");
    assertSame(done(again), first);
    assertThat(other().resolve("MANIFEST.json")).exists();

    String more = "--set=training.epochs=3";
    CommandRun refused = job.run("train", place, more);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "checkpoint-00000008 is of another configuration:\n"
                + "  training.epochs: 2 → 3 (--accept-changes goes on with it)\n"
                + "set back what changed, or set another checkpoints.directory to start anew");

    CommandRun accepted = job.run("train", place, more, "--accept-changes");
    assertThat(accepted.err()).contains("changed since the checkpoint: training.epochs: 2 → 3");
    assertSame(done(accepted), done(job.run("train", more)));
  }

  @Test
  void settingsThatWouldNotFitAreRefusedWithTheirValuesThoughChangesAreAccepted() {
    String place = "--set=checkpoints.directory=\"%s\"".formatted(job.checkpoints());
    assertThat(job.run("train", place).code()).isZero();

    CommandRun run =
        job.run(
            "train",
            place,
            "--accept-changes",
            "--set=seed=8",
            "--set=training.batch-size=8",
            "--set=model.layers=[{dense{units=3}},{dense{units=2}}]");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("\n  model.layers[0].dense.units: 2 → 3\n")
        .contains("\n  model.layers[1].dense.units: not set → 2\n")
        .contains("\n  seed: 7 → 8\n")
        .contains("\n  training.batch-size: 16 → 8\n");
  }

  private static JsonNode done(CommandRun run) throws IOException {
    assertThat(run.code()).as(run.err()).isZero();
    return run.json();
  }

  private static void assertSame(JsonNode result, JsonNode expected) {
    for (String field :
        List.of("parameters_sha256", "rounds", "epochs", "best_epoch", "examples", "metrics")) {
      assertThat(result.get(field)).as(field).isEqualTo(expected.get(field));
    }
  }

  private Path other() {
    return directory.resolve("other-model");
  }
}
