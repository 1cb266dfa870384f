package io.lepton.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tries learning rates. */
@Command(
    name = "find-rate",
    description = "Takes some steps at rising learning rates and suggests one.",
    mixinStandardHelpOptions = true)
final class FindRateCommand implements Callable<Integer> {
  @Mixin private JobOptions options;

  @Option(names = "--from", description = "First rate; ${DEFAULT-VALUE} by default.")
  private double from = 1e-6;

  @Option(names = "--to", description = "Last rate; ${DEFAULT-VALUE} by default.")
  private double to = 10;

  @Option(names = "--steps", description = "Steps; ${DEFAULT-VALUE} by default.")
  private int steps = 100;

  @Override
  public Integer call() {
    return new JobRun("find-rate", options).run(new FindRate(from, to, steps)).code();
  }
}
