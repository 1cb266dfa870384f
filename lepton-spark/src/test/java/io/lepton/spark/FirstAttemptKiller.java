package io.lepton.spark;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Kills first attempts of tasks, while armed, until one really ended so. */
final class FirstAttemptKiller extends SparkListener implements TrainingListener, AutoCloseable {
  private final SparkContext context;
  private final ExecutorService killing = Executors.newSingleThreadExecutor();
  private final AtomicInteger killed = new AtomicInteger();
  private volatile boolean armed;

  FirstAttemptKiller(SparkContext context) {
    this.context = context;
    context.addSparkListener(this);
  }

  /** Attempts that ended as killed. */
  int killed() {
    return killed.get();
  }

  @Override
  public void phase(Phase phase) {
    armed = phase == Phase.COMPUTE;
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    if (armed && killed.get() == 0 && start.taskInfo().attemptNumber() == 0) {
      long task = start.taskInfo().taskId();
      killing.execute(() -> context.killTaskAttempt(task, true, "a test wants it repeated"));
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof TaskKilled) {
      killed.incrementAndGet();
    }
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
    killing.shutdown();
  }
}
