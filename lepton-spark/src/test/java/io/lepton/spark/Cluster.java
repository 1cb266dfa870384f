package io.lepton.spark;

import static java.util.stream.Collectors.joining;

import io.lepton.spark.exchange.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark of the tests: one context at a time in this JVM, kept for as long as the next test
 * wants the same one.
 */
public final class Cluster {
  private static final String PROCESSES = "local-cluster[%d,%d,1024]";
  private static final Duration START = Duration.ofMinutes(2);

  private static SparkSession session;
  private static String master;
  private static Map<String, String> settings;

  private Cluster() {}

  /** Two slots in this JVM. */
  public static SparkSession local() {
    return on("local[2]", Map.of());
  }

  /** A driver and two executors of one slot, each a process of its own. */
  public static SparkSession processes() {
    return processes(Map.of());
  }

  /** The same with more settings. */
  public static SparkSession processes(Map<String, String> more) {
    return processes(1, more);
  }

  /** The same with executors of so many slots. */
  public static SparkSession processes(int slots, Map<String, String> more) {
    return processes(2, slots, more);
  }

  /** A driver and so many executors. */
  public static SparkSession processes(int executors, int slots, Map<String, String> more) {
    Path jars = Path.of(System.getenv("SPARK_HOME"), "jars");
    try {
      Files.createDirectories(jars);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(it -> it.startsWith("--add-") || it.startsWith("-XX:MaxDirectMemorySize"))
            .collect(joining(" "));
    Map<String, String> settings = new HashMap<>(more);
    settings.put("spark.executor.memory", "768m");
    settings.put("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    settings.put("spark.executor.extraJavaOptions", options);
    SparkSession spark = on(PROCESSES.formatted(executors, slots), settings);
    Deadline.await(
        START,
        executors + " executors have registered",
        () ->
            spark.sparkContext().statusTracker().getExecutorInfos().length == 1 + executors
                && Tasks.executors().size() == executors);
    return spark;
  }

  static synchronized SparkSession on(String master, Map<String, String> settings) {
    if (session != null
        && master.equals(Cluster.master)
        && settings.equals(Cluster.settings)
        && !session.sparkContext().isStopped()) {
      return session;
    }
    stop();
    SparkSession.Builder builder =
        LeptonSpark.builder()
            .master(master)
            .config("spark.kryo.registrationRequired", "true")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.sql.shuffle.partitions", "2");
    settings.forEach(builder::config);
    session = builder.getOrCreate();
    Cluster.master = master;
    Cluster.settings = settings;
    return session;
  }

  private static void stop() {
    if (session != null) {
      session.stop();
      session = null;
    }
  }
}
