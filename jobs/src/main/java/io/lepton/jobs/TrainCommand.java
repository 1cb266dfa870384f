package io.lepton.jobs;

import io.lepton.spark.config.Resume;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a model and writes its bundle. */
@Command(
    name = "train",
    description = "Trains a model and writes its bundle.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  static final String ACCEPT_CHANGES = "--accept-changes";

  @Mixin private JobOptions options;

  @Option(names = "--dry-run", description = "Checks and plans, but trains nothing.")
  private boolean dryRun;

  @Option(
      names = ACCEPT_CHANGES,
      description =
          "Goes on from a checkpoint although settings changed since that may change, such as"
              + " training.epochs.")
  private boolean acceptChanges;

  @Override
  public Integer call() {
    return dryRun
        ? JobRun.of("plan", options, new Plan(OptionalDouble.empty(), Optional.empty())).code()
        : JobRun.of("train", options, training()).code();
  }

  private Training training() {
    return new Training(new Resume(acceptChanges, ACCEPT_CHANGES, System.err::println));
  }
}
