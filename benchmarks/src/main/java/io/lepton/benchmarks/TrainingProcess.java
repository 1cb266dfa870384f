package io.lepton.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that trains and ends with a line of JSON, measured from its start to its end. */
final class TrainingProcess {
  static final String RATE = "examples/s";
  static final String WALL = "wall s";
  static final String CPU = "CPU s";
  static final String MEMORY = "peak MB";
  static final String ACCURACY = "accuracy";
  static final String LOAD = "load before";

  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProcessBuilder builder;
  private final Path log;

  /**
   * Starts nothing yet.
   *
   * @param cores it is kept on as many
   * @param variables added to the environment
   * @param log where its standard error goes; beside it, with {@code .out}, its standard output
   */
  TrainingProcess(List<String> command, int cores, Map<String, String> variables, Path log) {
    this.log = log;
    builder = new ProcessBuilder("taskset", "--cpu-list", "0-" + (cores - 1));
    builder.command().addAll(command);
    builder.environment().putAll(variables);
    // Those of this process belong to no Spark that could be started.
    builder.environment().keySet().removeAll(List.of("SPARK_HOME", "SPARK_SCALA_VERSION"));
    builder.redirectError(log.toFile()).redirectOutput(output());
  }

  /**
   * Runs it to its end.
   *
   * @return numbers by what they mean
   * @throws IllegalStateException if it fails or lasts too long
   */
  Map<String, Double> measure() {
    try {
      Map<String, Double> numbers = new LinkedHashMap<>();
      numbers.put(LOAD, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      long start = System.nanoTime();
      Process process = builder.start();
      ProcessTree tree = new ProcessTree(process.toHandle());
      try {
        while (!process.waitFor(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
          tree.look();
          if (System.nanoTime() - start > LIMIT.toNanos()) {
            throw new IllegalStateException("a training must end within " + LIMIT + ", see " + log);
          }
        }
      } finally {
        tree.kill();
      }
      double wall = (System.nanoTime() - start) / 1e9;
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            "a training must end with code 0, but it was %d, see %s"
                .formatted(process.exitValue(), log));
      }
      JsonNode answer = answer();
      numbers.put(RATE, answer.get("examples_per_second").asDouble());
      numbers.put(WALL, wall);
      numbers.put(CPU, tree.cpuSeconds());
      numbers.put(MEMORY, tree.peakBytes() / 1e6);
      numbers.put(ACCURACY, accuracy(answer));
      return numbers;
    } catch (IOException e) {
      throw new IllegalStateException("a training must start and answer, see " + log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a training was interrupted", e);
    }
  }

  private File output() {
    return new File(log + ".out");
  }

  private JsonNode answer() throws IOException {
    List<String> lines = Files.readAllLines(output().toPath());
    if (lines.isEmpty()) {
      throw new IllegalStateException("a training must end with a line of JSON, see " + log);
    }
    return JSON.readTree(lines.get(lines.size() - 1));
  }

  /** Of the last epoch, as for peers, though Lepton keeps the best one. */
  private static double accuracy(JsonNode answer) {
    JsonNode history = answer.get("history");
    return history == null
        ? answer.get("accuracy").asDouble()
        : history.get(history.size() - 1).get("metrics").get("accuracy").asDouble();
  }
}
