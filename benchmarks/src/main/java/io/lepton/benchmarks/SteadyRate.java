package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.TensorLease;
import io.lepton.spark.LeptonSpark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Steady rates of trainings of two replicas, against bare loops of the same program side by side
 * and against a loop of Keras, in turns.
 */
@Command(name = "steady", mixinStandardHelpOptions = true)
public final class SteadyRate implements Callable<Integer> {
  @Parameters(description = "Works: ${COMPLETION-CANDIDATES}; all if none is named.")
  private Set<Work> works = new LinkedHashSet<>();

  @Option(names = "--rounds", description = "Of each side; ${DEFAULT-VALUE}.")
  private int rounds = 5;

  private SteadyRate() {}

  /** Prints a table to standard output. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new SteadyRate()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    if (!Peer.KERAS_LOOP.installed()) {
      System.err.println("Keras must be installed: " + Peer.KERAS_LOOP.installation());
      return CommandLine.ExitCode.SOFTWARE;
    }
    System.out.printf(
        "%s, %d cores, load average at the start %s%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    Path directory = Files.createTempDirectory("lepton-benchmarks");
    try (BufferAllocator allocator = AlignedMemory.root(Long.MAX_VALUE);
        SparkSession spark =
            LeptonSpark.builder()
                .master("local[%d]".formatted(WorkRates.CORES))
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .getOrCreate()) {
      ResultTable table = new ResultTable(System.out);
      for (Work work : works.isEmpty() ? EnumSet.allOf(Work.class) : works) {
        new WorkRates(work, spark, allocator).measure(directory, rounds, table);
      }
    } finally {
      Files.deleteIfExists(directory.resolve(WorkRates.ROWS));
      Files.delete(directory);
    }
    System.out.printf("%nloans outstanding at the end: %d%n", TensorLease.outstanding());
    return 0;
  }
}
