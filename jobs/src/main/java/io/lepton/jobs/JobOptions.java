package io.lepton.jobs;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What every command takes that works on a configuration. */
final class JobOptions {
  @Parameters(paramLabel = "CONFIG", description = "The job's configuration, a HOCON file.")
  private Path file;

  @Mixin private RunOptions run;

  Path file() {
    return file;
  }

  RunOptions run() {
    return run;
  }
}
