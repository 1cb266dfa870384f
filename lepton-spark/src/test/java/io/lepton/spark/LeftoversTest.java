package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path directory;

  @Test
  void whatAnEndedProcessLeftIsDeleted() throws Exception {
    left("table.incoming", ended());
    left("table.outgoing", ended());
    left("other.incoming", ended());
    Files.createDirectories(directory.resolve("table"));

    sweepTable();

    assertThat(names()).hasSize(2).contains("table").anyMatch(it -> it.startsWith("other."));
  }

  @Test
  void whatWasMovedAwayComesBackIfNothingIsInItsPlace() throws Exception {
    ProcessMark writer = ended();
    left("table.incoming", writer);
    Files.writeString(left("table.outgoing", writer).resolve("kept"), "rows");

    sweepTable();

    assertThat(names()).containsExactly("table");
    assertThat(directory.resolve("table/kept")).hasContent("rows");
  }

  @Test
  void whatMayBeInUseStays() throws Exception {
    left("table.incoming", ProcessMark.own());
    left("table.incoming", new ProcessMark(UUID.randomUUID(), ended().pid(), 0));
    left("table.incoming", new ProcessMark(new UUID(0, 0), ended().pid(), 0));
    Files.createDirectories(directory.resolve("table.incoming-" + UUID.randomUUID()));

    sweepTable();

    assertThat(names()).hasSize(4);
  }

  @Test
  void anotherProcessThatGotTheSameNumberIsNotTheWriter() throws Exception {
    ProcessMark own = ProcessMark.own();
    left("table.incoming", new ProcessMark(own.machine(), own.pid(), own.started() - 3_600_000));

    sweepTable();

    assertThat(names()).isEmpty();
  }

  @Test
  void directoriesOfATableAreSweptWhateverTheyAreCalled() throws Exception {
    Path place = Files.createDirectories(directory.resolve("_incoming"));
    left("_incoming/batch=3.incoming", ended());
    left("_incoming/batch=4.incoming", ProcessMark.own());

    Leftovers.of(hadoop(directory), hadoop(place), HADOOP).sweep();

    try (Stream<Path> found = Files.list(place)) {
      assertThat(found.map(it -> it.getFileName().toString()))
          .singleElement()
          .asString()
          .startsWith("batch=4.");
    }
  }

  @Test
  void aDirectoryIsWrittenUnderTheNameOfItsProcess() throws IOException {
    WholeDirectory whole = WholeDirectory.at(hadoop(directory.resolve("table")), HADOOP);

    assertThat(whole.fresh().getName()).startsWith("table.incoming-" + ProcessMark.own() + "-");
    assertThat(ProcessMark.parse(ProcessMark.own().toString())).contains(ProcessMark.own());
  }

  private Path left(String name, ProcessMark writer) throws IOException {
    return Files.createDirectories(
        directory.resolve("%s-%s-%s".formatted(name, writer, UUID.randomUUID())));
  }

  /** A process that was, and is not any more. */
  private static ProcessMark ended() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessMark mark = ProcessMark.of(process.toHandle());
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return mark;
  }

  private void sweepTable() throws IOException {
    WholeDirectory.at(hadoop(directory.resolve("table")), HADOOP).leftovers().sweep();
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found.map(it -> it.getFileName().toString()).toList();
    }
  }
}
