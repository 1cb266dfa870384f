package io.lepton.benchmarks;

import io.lepton.arrow.AlignedMemory;
import io.lepton.arrow.TensorLease;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;

/** Measures the way of the data, from a mapped shard to a training step, in one run. */
public final class SpineBenchmark {
  private static final Path JOB = Path.of("conf/fashion-mnist.conf");
  private static final int TRAININGS = 11;

  private SpineBenchmark() {}

  /**
   * Prints a table to standard output.
   *
   * @param settings of the training job to change, each {@code path=value}
   */
  public static void main(String[] settings) throws IOException {
    System.out.printf(
        "%s %s, %d cores, load average at the start %s, settings %s%n%n",
        System.getProperty("java.vm.name"),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ResultTable.number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()),
        List.of(settings));
    Path directory = Files.createTempDirectory("lepton-benchmarks");
    try (BufferAllocator root = AlignedMemory.root(Long.MAX_VALUE)) {
      ResultTable table = new ResultTable(System.out);
      ShardReading.measure(directory, root, table);
      TrivialRun.measure(table);
      LeaseCost.measure(root, table);
      TrainingRate.measure(JOB, List.of(settings), TRAININGS, directory, root, table);
    } finally {
      delete(directory);
    }
    System.out.printf("%nloans outstanding at the end: %d%n", TensorLease.outstanding());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
