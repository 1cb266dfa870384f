package io.lepton.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A table of 200 rows, a job that trains on it, and commands on that. */
record SmallJob(Path directory) {
  static final String HEADER = "a,b,label\n";

  static SmallJob in(Path directory) throws IOException {
    StringBuilder rows = new StringBuilder(HEADER);
    for (int i = 0; i < 200; i++) {
      rows.append("%d,%s,%d%n".formatted(i % 7, (i % 5) / 2.0, i % 7 > 3 ? 1 : 0));
    }
    SmallJob job = new SmallJob(directory);
    Files.writeString(job.data(), rows);
    return job;
  }

  Path data() {
    return directory.resolve("data.csv");
  }

  CommandRun run(String command, String... more) {
    return CommandRun.of(arguments(command, more));
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
      arguments.addAll(List.of("--master", "local[2]"));
      return arguments;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
