package io.lepton.spark.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lepton.spark.checkpoint.CheckpointOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsSectionTest {
  @TempDir Path directory;

  @Test
  void withoutADirectoryThereAreNone() {
    assertThat(JobFile.minimalAnd(directory).load().checkpoints()).isEmpty();
    assertThat(JobFile.minimalAnd(directory, "checkpoints.keep-last = 3").problems())
        .containsExactly("checkpoints.directory (job.conf: 9): must be set; add directory = …");
  }

  @Test
  void aDirectoryMeansEveryTenMinutesTheLastTwoAndTheBest() {
    assertThat(read("directory = \"hdfs:/c\""))
        .isEqualTo(
            new CheckpointOptions(
                "hdfs:/c", OptionalInt.empty(), Optional.of(Duration.ofMinutes(10)), 2, 1));
  }

  @Test
  void roundsOrTimeOrBothSayWhen() {
    assertThat(read("directory = c, every-rounds = 5, keep-last = 3, keep-best = 0"))
        .isEqualTo(new CheckpointOptions("c", OptionalInt.of(5), Optional.empty(), 3, 0));
    assertThat(read("directory = c, every = 90s"))
        .isEqualTo(
            new CheckpointOptions(
                "c", OptionalInt.empty(), Optional.of(Duration.ofSeconds(90)), 2, 1));
    assertThat(read("directory = c, every-rounds = 5, every = 1h"))
        .isEqualTo(
            new CheckpointOptions("c", OptionalInt.of(5), Optional.of(Duration.ofHours(1)), 2, 1));
  }

  @Test
  void aTimeHasAUnit() {
    for (String wrong : new String[] {"90", "soon", "0s", "\"-1 minute\""}) {
      assertThat(
              JobFile.minimalAnd(
                      directory, "checkpoints { directory = c, every = %s }".formatted(wrong))
                  .problems())
          .singleElement()
          .asString()
          .startsWith("checkpoints.every = ")
          .endsWith(
              ": must be a time with a unit, at least a millisecond; give one such as 10 minutes");
    }
  }

  @Test
  void theEffectiveConfigurationReadsBackToTheSame() {
    JobConfiguration job =
        JobFile.minimalAnd(directory, "checkpoints { directory = c, every = 1.5 minutes }").load();

    assertThat(JobFile.of(directory, job.effective()).load().checkpoints())
        .isEqualTo(job.checkpoints());
  }

  @Test
  void settingsHaveAPathEachThoughTheyAreInLists() {
    JobConfiguration job = JobFile.minimalAnd(directory, "training.epochs = 3").load();

    assertThat(SettingValues.of(job.effective()))
        .containsEntry("name", "\"demo\"")
        .containsEntry("training.epochs", "3")
        .containsEntry("data.inputs.x.columns", "[\"a\",\"b\"]")
        .containsEntry("model.layers[0].dense.units", "1")
        .containsEntry("averaging.local-steps", "50");
  }

  private CheckpointOptions read(String settings) {
    return JobFile.minimalAnd(directory, "checkpoints { %s }".formatted(settings))
        .load()
        .checkpoints()
        .orElseThrow();
  }
}
