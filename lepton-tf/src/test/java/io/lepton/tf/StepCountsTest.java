package io.lepton.tf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts of a process that interprets, so that they are exact, and in which Arrow keeps no record
 * of who retained what.
 */
class StepCountsTest {
  private static final long DEADLINE_SECONDS = 120;

  private static final List<StepCounts> ONE_SLOT = new ArrayList<>();
  private static final List<StepCounts> EIGHT_SLOTS = new ArrayList<>();

  @BeforeAll
  static void count(@TempDir Path directory) throws IOException, InterruptedException {
    List<StepCounts> counts = counts(directory, 1, 8, 1, 4096, 8, 8, 8, 4096);
    ONE_SLOT.addAll(counts.subList(0, 2));
    EIGHT_SLOTS.addAll(counts.subList(2, 4));
  }

  @Test
  void aStepIsOneRunOfTheGraph() {
    assertThat(ONE_SLOT).extracting(StepCounts::runs).containsOnly(1.0);
    assertThat(EIGHT_SLOTS).extracting(StepCounts::runs).containsOnly(1.0);
  }

  @Test
  void aStepIsFedItsRowsAgeSeedsAndRateAndHowManyRowsOfEachSlotIfThereAreSeveral() {
    assertThat(ONE_SLOT).extracting(StepCounts::leases).containsOnly(4.0);
    assertThat(EIGHT_SLOTS).extracting(StepCounts::leases).containsOnly(5.0);
  }

  @Test
  void whatAStepIsFedIsNotCopied() {
    assertThat(ONE_SLOT).extracting(StepCounts::copiedBytes).containsOnly(0.0);
    assertThat(EIGHT_SLOTS).extracting(StepCounts::copiedBytes).containsOnly(0.0);
  }

  @Test
  void aStepAllocatesTheObjectsOfItsLeasesAndNothingForEachRow() {
    assertThat(ONE_SLOT).allMatch(counts -> counts.stepBytes() <= 1800);
    assertThat(EIGHT_SLOTS).allMatch(counts -> counts.stepBytes() <= 2200);
    assertThat(ONE_SLOT).allMatch(counts -> counts.planBytes() <= 200);
    assertThat(EIGHT_SLOTS).allMatch(counts -> counts.planBytes() <= 200);
  }

  private static List<StepCounts> counts(Path directory, int... slotsAndRows)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(line::add);
    line.addAll(List.of("-Xint", "-cp", System.getProperty("java.class.path")));
    line.add(StepCounts.class.getName());
    IntStream.of(slotsAndRows).mapToObj(Integer::toString).forEach(line::add);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(process.exitValue()).as(Files.readString(err)).isZero();
      return StepCounts.parse(Files.readAllLines(out));
    } finally {
      process.destroyForcibly();
    }
  }
}
