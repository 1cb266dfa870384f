package io.lepton.spark;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;

/**
 * Ends tasks that run for longer than they may, so that Spark runs them again; Spark itself would
 * wait for ever while their executor lives. An executor that does not let go of such a task is
 * ended by Spark's task reaper, see {@link LeptonSpark#SETTINGS}. What is not done in as many
 * attempts as a task may fail is given up.
 */
public final class TaskWatch extends SparkListener implements AutoCloseable {
  private final SparkContext spark;
  private final Duration limit;
  private final int attempts;
  private final Map<Long, Running> running = new ConcurrentHashMap<>();
  private final Map<Work, Integer> ended = new HashMap<>();
  private final JobWatch watch;

  private record Work(int stage, int index) {}

  private record Running(Work work, long since, String executor) {}

  /**
   * Watches from now on.
   *
   * @param limit how long an attempt of a task may run
   */
  public TaskWatch(SparkContext spark, Duration limit) {
    this.spark = spark;
    this.limit = limit;
    this.attempts = spark.getConf().getInt("spark.task.maxFailures", 4);
    this.watch = new JobWatch(spark, OverdueTaskException::new);
    spark.addSparkListener(this);
    watch.start("lepton-task-watch", () -> List.copyOf(running.keySet()).forEach(this::look));
  }

  /**
   * Does some work on this thread.
   *
   * @throws OverdueTaskException if its jobs were given up
   * @throws Exception that the work throws otherwise
   */
  public <T> T over(Callable<T> work) throws Exception {
    return watch.over(work);
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    TaskInfo task = start.taskInfo();
    running.put(
        task.taskId(),
        new Running(
            new Work(start.stageId(), task.index()),
            System.nanoTime(),
            "executor %s at %s".formatted(task.executorId(), task.host())));
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().taskId());
  }

  @Override
  public void close() {
    watch.close();
    spark.removeSparkListener(this);
  }

  private void look(long task) {
    Running it = running.get(task);
    if (it == null || System.nanoTime() - it.since() < limit.toNanos()) {
      return;
    }
    running.remove(task);
    int times = ended.merge(it.work(), 1, Integer::sum);
    if (times < attempts) {
      spark.killTaskAttempt(task, true, message(it, times));
    } else {
      watch.giveUp(message(it, times));
    }
  }

  private String message(Running it, int times) {
    return String.format(
        Locale.ROOT,
        "an attempt of a task must end within %s seconds (cluster.task-timeout), but that of partition %d"
            + " in stage %d on %s did not; it was the %d. of at most %d",
        Seconds.of(limit),
        it.work().index(),
        it.work().stage(),
        it.executor(),
        times,
        attempts);
  }
}
