package io.lepton.jobs;

import io.lepton.spark.RateFinder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tries learning rates. */
@Command(
    name = "find-rate",
    description = "Takes some steps at rising learning rates and suggests one.",
    mixinStandardHelpOptions = true)
final class FindRateCommand implements Callable<Integer> {
  @Mixin private JobOptions options;

  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      defaultValue = "1e-6",
      description = "First rate; ${DEFAULT-VALUE} by default.")
  private double from;

  @Option(
      names = "--to",
      defaultValue = "10",
      description = "Last rate; ${DEFAULT-VALUE} by default.")
  private double to;

  @Option(
      names = "--steps",
      defaultValue = "100",
      description = "Most steps; ${DEFAULT-VALUE} by default.")
  private int steps;

  @Override
  public Integer call() {
    return JobRun.of("find-rate", options, new FindRate(finder())).code();
  }

  private RateFinder finder() {
    try {
      return new RateFinder(from, to, steps);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
