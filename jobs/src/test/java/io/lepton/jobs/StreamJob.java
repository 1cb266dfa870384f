package io.lepton.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream whose rows are scored, with all that comes of it in a directory.
 *
 * @param model bundle or alias
 * @param source options that say where rows come from
 */
record StreamJob(Path directory, Path model, List<String> source) {
  /** Files of a format that {@link #come}. */
  static StreamJob ofFiles(Path directory, Path model, String format) throws IOException {
    Path files = Files.createDirectories(directory.resolve("source"));
    return new StreamJob(directory, model, List.of("--format=" + format, "--data=" + files));
  }

  /** Records of a topic. */
  static StreamJob ofTopic(
      Path directory, Path model, String servers, String topic, String schema) {
    return new StreamJob(
        directory, model, List.of("--kafka=" + servers, "--schema=" + schema, "--data=" + topic));
  }

  Path output() {
    return directory.resolve("output");
  }

  Path quarantine() {
    return directory.resolve("output-quarantine");
  }

  /** Moves a file, which is whole, to where files come. */
  void come(Path file, String name) throws IOException {
    Files.move(file, directory.resolve("source").resolve(name));
  }

  /** Has a file of text come. */
  void come(String name, String lines) throws IOException {
    come(Files.writeString(directory.resolve(name), lines), name);
  }

  CommandRun run(String... more) {
    return CommandRun.of(arguments(more));
  }

  /** Starts it in a process of its own. */
  JavaProcess start(String... more) throws IOException {
    return JavaProcess.start(
        List.of("-Xmx1g"), Lepton.class, arguments(more), directory.resolve("out.txt"));
  }

  /** What the last command left in its run directory. */
  JsonNode result() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("run/result.json").toFile());
  }

  private List<String> arguments(String... more) {
    List<String> arguments = new ArrayList<>(List.of("predict", "--stream", "--every=0.1"));
    arguments.addAll(source);
    arguments.add("--model=" + model);
    arguments.add("--output=" + output());
    arguments.add("--run-dir=" + directory.resolve("run"));
    arguments.add("--master=local[2]");
    arguments.addAll(List.of(more));
    return arguments;
  }
}
