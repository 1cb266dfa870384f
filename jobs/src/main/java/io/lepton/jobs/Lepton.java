package io.lepton.jobs;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The command line: {@code spark-submit --class io.lepton.jobs.Lepton lepton.jar COMMAND CONFIG}.
 */
@Command(
    name = "lepton",
    description = "Trains TensorFlow models on Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      TrainCommand.class,
      PlanCommand.class,
      FindRateCommand.class,
      EvaluateCommand.class,
      PredictCommand.class
    })
public final class Lepton {
  private Lepton() {}

  /** Runs a command and exits with its code; see {@link ExitCode}. */
  public static void main(String[] arguments) {
    int code = run(arguments);
    System.out.flush();
    System.err.flush();
    System.exit(code);
  }

  /** Runs a command and returns its exit code. */
  static int run(String... arguments) {
    CommandLine line = new CommandLine(new Lepton());
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(
        (ParameterException problem, String[] given) -> {
          problem.getCommandLine().getErr().println(problem.getMessage());
          problem.getCommandLine().usage(problem.getCommandLine().getErr());
          return ExitCode.CONFIGURATION.code();
        });
    if (arguments.length == 0) {
      line.usage(System.err);
      return ExitCode.CONFIGURATION.code();
    }
    return line.execute(arguments);
  }
}
