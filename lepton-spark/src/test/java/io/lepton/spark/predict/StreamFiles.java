package io.lepton.spark.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Files of a stream below a directory, of the columns id, a, b and c, and what is made of them
 * beside.
 */
record StreamFiles(Path directory) {
  private static final Instant FIRST = Instant.parse("2023-11-14T22:13:20Z");

  static StreamFiles in(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("source"));
    return new StreamFiles(directory);
  }

  Path output() {
    return directory.resolve("output");
  }

  Path quarantine() {
    return directory.resolve("quarantine");
  }

  Path checkpoint() {
    return directory.resolve("checkpoint");
  }

  InputTable table() {
    return table("id bigint, a double, b float, c int");
  }

  InputTable table(String schema) {
    return new InputTable(
        directory.resolve("source").toString(), "csv", Optional.of(InputTable.schema(schema)));
  }

  /** A stream of what comes to what is made of it, until nothing more does. */
  StreamPrediction prediction(StreamSource source, ModelAlias alias, Optional<EventTime> time) {
    return new StreamPrediction(
        source,
        alias,
        output().toString(),
        quarantine().toString(),
        checkpoint().toString(),
        List.of(),
        time,
        Duration.ofMillis(50),
        true);
  }

  /** Rows whose ids go on from file to file, and lines behind; files come in their order. */
  void write(int file, int rows, String more) throws IOException {
    StringBuilder text = new StringBuilder("id,a,b,c\n");
    for (int row = 0; row < rows; row++) {
      text.append("%d,%s,0.5,%d%n".formatted((long) file * rows + row, row / 7.0, row % 5));
    }
    come(file, FIRST.plusSeconds(file), text.append(more).toString());
  }

  /** A file that was written at a time. */
  void come(int file, Instant time, String text) throws IOException {
    Path hidden = directory.resolve("source/.%d.csv".formatted(file));
    Files.writeString(hidden, text);
    Files.setLastModifiedTime(hidden, FileTime.from(time));
    Files.move(hidden, directory.resolve("source/%d.csv".formatted(file)));
  }

  /** As if a batch had been begun, but nothing had come of it. */
  void undo(int batch) throws IOException {
    forget(batch);
    for (Path table : new Path[] {output(), quarantine()}) {
      Path directory = table.resolve("batch=" + batch);
      if (Files.exists(directory)) {
        Files.move(directory, table.resolveSibling(table.getFileName() + "-of-" + batch));
      }
    }
  }

  /** As if the tables had been written before they said of which stream they are. */
  void forgetStream() throws IOException {
    for (Path table : new Path[] {output(), quarantine()}) {
      Files.deleteIfExists(table.resolve(StreamIdentity.FILE));
      Files.deleteIfExists(table.resolve("." + StreamIdentity.FILE + ".crc"));
    }
  }

  /** As if a batch had been published, but Spark did not know. */
  void forget(int batch) throws IOException {
    Files.delete(checkpoint().resolve("commits/" + batch));
    Files.deleteIfExists(checkpoint().resolve("commits/.%d.crc".formatted(batch)));
  }
}
