package io.lepton.jobs;

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

  @Override
  public Integer call() {
    if (gigabits != null && !(gigabits > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--scale must be positive, but was: " + gigabits);
    }
    OptionalDouble link = gigabits == null ? OptionalDouble.empty() : OptionalDouble.of(gigabits);
    return JobRun.of("plan", options, new Plan(link)).code();
  }
}
