package io.lepton.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table of 200 rows, a job that trains on it, and commands on that.
 *
 * @param master that runs them
 */
record SmallJob(Path directory, String master) {
  static final String HEADER = "a,b,label\n";

  static SmallJob in(Path directory) throws IOException {
    StringBuilder rows = new StringBuilder(HEADER);
    for (int i = 0; i < 200; i++) {
      rows.append("%d,%s,%d%n".formatted(i % 7, (i % 5) / 2.0, i % 7 > 3 ? 1 : 0));
    }
    SmallJob job = new SmallJob(directory, "local[2]");
    Files.writeString(job.data(), rows);
    return job;
  }

  SmallJob on(String other) {
    return new SmallJob(directory, other);
  }

  Path data() {
    return directory.resolve("data.csv");
  }

  CommandRun run(String command, String... more) {
    return CommandRun.of(arguments(command, more));
  }

  /**
   * Trains in a process of its own.
   *
   * @param options of Java
   */
  JavaProcess start(List<String> options, String... more) throws IOException {
    List<String> all = new ArrayList<>(options);
    all.add("-Xmx1g");
    return JavaProcess.start(
        all, Lepton.class, arguments("train", more), directory.resolve("out.txt"));
  }

  /** What the last command left in its run directory. */
  JsonNode result() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("run/result.json").toFile());
  }

  /** Where {@link #saving} has checkpoints written. */
  Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  /** The override that has a checkpoint written after each round. */
  String saving() {
    return "--set=checkpoints { directory = \"%s\", every-rounds = 1 }".formatted(checkpoints());
  }

  /** The checkpoints that are whole, the newest last. */
  List<Path> wholeCheckpoints() throws IOException {
    try (Stream<Path> found = Files.list(checkpoints())) {
      return found.filter(it -> Files.exists(it.resolve("MANIFEST.json"))).sorted().toList();
    }
  }

  /** The round of a checkpoint. */
  static int round(Path checkpoint) {
    String name = checkpoint.getFileName().toString();
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  /** The command line of a command on this job. */
  List<String> arguments(String command, String... more) {
    try {
      Path file =
          Files.writeString(
              directory.resolve("job.conf"),
              """
              name = small
              data {
                train = "%1$s"
                validation = "%1$s"
                inputs.table { columns = [a, b] }
                label { column = label, classes = 2 }
              }
              model.layers = [ { dense { units = 2 } } ]
              training { epochs = 2, batch-size = 16 }
              averaging { replicas = 2, local-steps = 2 }
              output.model = "%2$s"
              """
                  .formatted(data(), directory.resolve("model")));
      List<String> arguments = new ArrayList<>(List.of(command, file.toString()));
      arguments.addAll(List.of(more));
      arguments.addAll(List.of("--run-dir", directory.resolve("run").toString()));
      arguments.addAll(List.of("--master", master));
      return arguments;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
