package io.lepton.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks a job and says what it would take. */
@Command(
    name = "plan",
    description = "Checks a job and prints shards, rounds, bytes, memory and time.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private JobOptions options;

  @Override
  public Integer call() {
    return new JobRun("plan", options).run(new Plan()).code();
  }
}
