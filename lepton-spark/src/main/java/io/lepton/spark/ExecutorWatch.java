package io.lepton.spark;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;

/**
 * Gives up jobs that have waited too long while their application has no executor at all; Spark
 * itself would wait for ever. A master in the driver's process needs no executors.
 */
public final class ExecutorWatch implements AutoCloseable {
  private static final long NOT_WAITING = -1;

  private final SparkContext spark;
  private final Duration patience;
  private final String driver;
  private final JobWatch watch;
  private List<String> last = List.of();
  private long waitingSince = NOT_WAITING;

  /**
   * Watches from now on.
   *
   * @param patience how long a job may wait
   */
  public ExecutorWatch(SparkContext spark, Duration patience) {
    this.spark = spark;
    this.patience = patience;
    this.driver = spark.env().blockManager().blockManagerId().hostPort();
    this.watch = new JobWatch(spark, MissingExecutorsException::new);
    if (!spark.isLocal()) {
      watch.start("lepton-executor-watch", this::look);
    }
  }

  /**
   * Does some work on this thread.
   *
   * @throws MissingExecutorsException if its jobs were given up
   * @throws Exception that the work throws otherwise
   */
  public <T> T over(Callable<T> work) throws Exception {
    return watch.over(work);
  }

  @Override
  public void close() {
    watch.close();
  }

  private void look() {
    List<String> now = executors();
    last = now.isEmpty() ? last : now;
    if (!now.isEmpty() || spark.statusTracker().getActiveJobIds().length == 0) {
      waitingSince = NOT_WAITING;
    } else if (waitingSince == NOT_WAITING) {
      waitingSince = System.nanoTime();
    } else if (System.nanoTime() - waitingSince >= patience.toNanos()) {
      watch.giveUp(message());
    }
  }

  private List<String> executors() {
    return Stream.of(spark.statusTracker().getExecutorInfos())
        .map(executor -> executor.host() + ":" + executor.port())
        .filter(address -> !address.equals(driver))
        .sorted()
        .toList();
  }

  private String message() {
    return String.format(
        Locale.ROOT,
        "%s must give executors, but %s, and work has waited %s seconds for one; see that its"
            + " workers run and have %d MiB and %s cores free (spark.executor.memory, .cores), or"
            + " wait longer by cluster.executor-wait",
        spark.master(),
        last.isEmpty() ? "none came" : "those at %s are gone".formatted(String.join(", ", last)),
        Seconds.of(patience),
        spark.executorMemory(),
        spark.getConf().get("spark.executor.cores", "all"));
  }
}
