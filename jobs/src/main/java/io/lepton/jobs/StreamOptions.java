package io.lepton.jobs;

import java.util.Optional;
import picocli.CommandLine.Option;

/** What a stream is told besides. */
final class StreamOptions {
  @Option(
      names = "--stream",
      description =
          "Scores what comes, batch by batch, by the model that --model names then: a bundle, a"
              + " link, or a file with the path of one.")
  private boolean stream;

  @Option(
      names = "--until-idle",
      description = "Ends the stream when all rows that are there are scored.")
  private boolean untilIdle;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "How often a stream looks for rows; ${DEFAULT-VALUE} by default.")
  private double every;

  @Option(
      names = "--batch",
      paramLabel = "COUNT",
      description = "Files of a batch, at most, 100 by default; or records of Kafka, 100000.")
  private Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--checkpoint",
      paramLabel = "PATH",
      description = "What the stream has done so far; OUTPUT-checkpoint by default.")
  private Optional<String> checkpoint = Optional.empty();

  @Option(
      names = "--kafka",
      paramLabel = "SERVERS",
      description = "Brokers, host:port with commas between; --data is a topic of JSON then.")
  private Optional<String> kafka = Optional.empty();

  boolean stream() {
    return stream;
  }

  boolean untilIdle() {
    return untilIdle;
  }

  /** In seconds. */
  double every() {
    return every;
  }

  Optional<Integer> batch() {
    return batch;
  }

  Optional<String> checkpoint() {
    return checkpoint;
  }

  Optional<String> kafka() {
    return kafka;
  }
}
