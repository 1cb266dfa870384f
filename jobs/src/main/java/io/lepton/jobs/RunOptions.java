package io.lepton.jobs;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** How a command is run, whatever it does. */
final class RunOptions {
  @Option(
      names = "--set",
      paramLabel = "path=value",
      description = "Overrides a setting; may be given again.")
  private List<String> sets = List.of();

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "Where result.json and the like go; runs/NAME-TIME by default.")
  private Path runDirectory;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark's master, unless spark-submit says so; local[*] by default.")
  private String master;

  List<String> sets() {
    return sets;
  }

  /** Null for the default. */
  Path runDirectory() {
    return runDirectory;
  }

  /** Null for the default. */
  String master() {
    return master;
  }
}
