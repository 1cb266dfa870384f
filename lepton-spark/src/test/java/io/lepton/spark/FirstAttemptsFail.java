package io.lepton.spark;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.TaskCompletionListener;

/** Lets the first attempt of every task fail after it has done its work. */
public final class FirstAttemptsFail implements SparkPlugin {
  private static final AtomicInteger FAILED = new AtomicInteger();

  /** Attempts that were made to fail in this process. */
  static int failed() {
    return FAILED.get();
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> extraConf) {}

      @Override
      public void onTaskStart() {
        TaskContext context = TaskContext.get();
        if (context.attemptNumber() == 0) {
          TaskCompletionListener failure =
              any -> {
                FAILED.incrementAndGet();
                throw new IllegalStateException("first attempts fail here");
              };
          context.addTaskCompletionListener(failure);
        }
      }
    };
  }
}
