package io.lepton.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Holds back the first attempt at the first task of every fifth stage until another attempt is
 * done, and leaves a file for each.
 */
public final class HeldBackTasks implements SparkPlugin {
  static final String DIRECTORY = "spark.lepton.test.held-back";

  private static final long LONGEST = TimeUnit.MINUTES.toNanos(10);

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      private Path directory;

      @Override
      public void init(PluginContext context, Map<String, String> extraConf) {
        directory = Path.of(context.conf().get(DIRECTORY));
      }

      @Override
      public void onTaskStart() {
        TaskContext task = TaskContext.get();
        if (task.attemptNumber() == 0
            && task.partitionId() == 0
            && task.numPartitions() > 1
            && task.stageId() % 5 == 0) {
          holdBack(task);
        }
      }

      private void holdBack(TaskContext task) {
        try {
          Files.writeString(directory.resolve("stage-" + task.stageId()), "");
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        long end = System.nanoTime() + LONGEST;
        while (!task.isInterrupted() && System.nanoTime() < end) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
      }
    };
  }
}
