package io.lepton.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class TrainingProcessTest {
  private static final String ANSWER = "echo noise; echo '{\"examples_per_second\": 5, %s}'";

  @TempDir private Path directory;

  @Test
  void theLastLineOfAPeerIsItsAnswer() {
    assertThat(shell(ANSWER.formatted("\"accuracy\": 0.5")))
        .containsEntry(TrainingProcess.RATE, 5.0)
        .containsEntry(TrainingProcess.ACCURACY, 0.5);
  }

  @Test
  void leptonsAccuracyIsThatOfTheLastEpochNotOfTheBest() {
    String history =
        "\"history\": [{\"metrics\": {\"accuracy\": %s}}, {\"metrics\": {\"accuracy\": %s}}]";
    assertThat(shell(ANSWER.formatted(history.formatted("0.9", "0.8"))))
        .containsEntry(TrainingProcess.ACCURACY, 0.8);
  }

  @Test
  void memoryAndTimeOfWhatAProcessStartsAreItsOwn() {
    int megabytes = 150;
    // the child keeps that many bytes in RAM, and works for about two seconds
    String child = "bash -c 'x=$(yes | head -c %d000000); timeout 2 yes > /dev/null; :'; ";
    Map<String, Double> numbers =
        shell(child.formatted(megabytes) + ANSWER.formatted("\"accuracy\": 1"));

    assertThat(numbers.get(TrainingProcess.MEMORY)).isBetween(1.0 * megabytes, 20.0 * megabytes);
    assertThat(numbers.get(TrainingProcess.CPU)).isPositive();
  }

  @Test
  void aFailureNamesItsLog() {
    assertThatThrownBy(() -> shell("exit 3"))
        .hasMessage(
            "a training must end with code 0, but it was 3, see " + directory.resolve("log"));
  }

  private Map<String, Double> shell(String script) {
    return new TrainingProcess(List.of("bash", "-c", script), 1, Map.of(), directory.resolve("log"))
        .measure();
  }
}
