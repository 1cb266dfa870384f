package io.lepton.jobs;

import io.lepton.spark.MeasuredCosts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks a job and says what it would take. */
@Command(
    name = "plan",
    description = "Checks a job and prints shards, rounds, bytes, memory and time.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private JobOptions options;

  @Spec private CommandSpec spec;

  @Option(
      names = "--scale",
      paramLabel = "GBIT",
      description =
          "Also prints what a round would take with 2 to 4,096 replicas, each with a core of its"
              + " own, if the driver's link carries so many gigabits a second each way.")
  private Double gigabits;

  @Option(
      names = "--costs",
      paramLabel = "RUN_DIR",
      description =
          "Forecasts by what rounds cost in a training that was run, its run directory or"
              + " result.json, in place of assumptions.")
  private Path run;

  @Override
  public Integer call() {
    if (gigabits != null && !(gigabits > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--scale must be positive, but was: " + gigabits);
    }
    OptionalDouble link = gigabits == null ? OptionalDouble.empty() : OptionalDouble.of(gigabits);
    return JobRun.of("plan", options, new Plan(link, measured())).code();
  }

  private Optional<MeasuredCosts> measured() {
    try {
      return run == null ? Optional.empty() : Optional.of(CostsFile.read(run));
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--costs must name what a training left, but was: %s: %s".formatted(run, e.getMessage()),
          e);
    }
  }
}
