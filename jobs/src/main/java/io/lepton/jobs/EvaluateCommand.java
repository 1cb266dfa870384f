package io.lepton.jobs;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a trained model is worth on a data set. */
@Command(
    name = "evaluate",
    description = "Measures a trained model on a data set: exact metrics, a table, pictures.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private JobOptions options;

  @Option(
      names = "--model",
      paramLabel = "BUNDLE",
      description = "The model's bundle; output.model by default.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "The data; data.test by default, else data.validation.")
  private Optional<String> data = Optional.empty();

  @Override
  public Integer call() {
    return JobRun.of("evaluate", options, new Evaluate(model, data)).code();
  }
}
