package io.lepton.benchmarks;

import io.lepton.spark.LeptonSpark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** A driver and two executors of one core and 4 GiB, each a process of its own on this machine. */
final class TwoExecutors {
  static final int COUNT = 2;
  private static final Duration START = Duration.ofSeconds(60);

  private TwoExecutors() {}

  /**
   * A session on both, once they have registered.
   *
   * @param settings of Spark beside those that Lepton needs
   */
  static SparkSession session(Map<String, String> settings) throws IOException {
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    String options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("--add-"))
            .collect(Collectors.joining(" "));
    SparkSession.Builder builder =
        LeptonSpark.builder()
            .master("local-cluster[%d,1,4096]".formatted(COUNT))
            .config("spark.executor.memory", "4g")
            .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .config("spark.executor.extraJavaOptions", options)
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR");
    settings.forEach(builder::config);
    SparkSession session = builder.getOrCreate();
    long end = System.nanoTime() + START.toNanos();
    while (session.sparkContext().statusTracker().getExecutorInfos().length <= COUNT) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("two executors must register within " + START);
      }
      LockSupport.parkNanos(10_000_000);
    }
    return session;
  }
}
