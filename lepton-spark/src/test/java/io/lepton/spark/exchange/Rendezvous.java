package io.lepton.spark.exchange;

import io.lepton.spark.Deadline;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;

/** A directory in which tasks of several processes wait for each other. */
public record Rendezvous(String directory) implements Serializable {
  private static final Duration TIME = Duration.ofSeconds(60);

  public static Rendezvous in(Path directory) {
    return new Rendezvous(directory.toString());
  }

  /** Says that this process is at a place, and waits until so many are; returns its turn. */
  public int meet(String place, int processes) {
    arrive(place, SparkEnv.get().executorId());
    await(place, processes);
    return turn(place);
  }

  /** Says that somebody is at a place. */
  public void arrive(String place, String who) {
    try {
      Files.createDirectories(Path.of(directory, place));
      if (!Files.exists(Path.of(directory, place, who))) {
        Files.createFile(Path.of(directory, place, who));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until so many are at a place. */
  public void await(String place, int processes) {
    Deadline.await(TIME, processes + " are at " + place, () -> at(place).size() >= processes);
  }

  private int turn(String place) {
    return at(place).indexOf(SparkEnv.get().executorId());
  }

  private List<String> at(String place) {
    Path path = Path.of(directory, place);
    if (!Files.exists(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
