package io.lepton.spark.exchange;

import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.apache.spark.SparkEnv;

/** Work on several threads, none of which outlives it. */
public final class SideBySide {
  private static final long END_SECONDS = 60;

  private SideBySide() {}

  /** As many threads as this process has cores, up to a number. */
  public static int threads(int most) {
    int cores = Runtime.getRuntime().availableProcessors();
    SparkEnv env = SparkEnv.get();
    int own =
        env == null || env.executorId().equals("driver")
            ? cores
            : env.conf().getInt("spark.executor.cores", cores);
    return Math.max(1, Math.min(most, Math.min(cores, own)));
  }

  /**
   * Does all parts of some work, each on a thread of its own, or on this one if there is but one.
   * If one fails, or this thread is interrupted, the others are interrupted, and what the first one
   * threw is thrown once all have ended.
   *
   * @param name of the work, for its threads
   * @param part does one, from 0; it must end soon after an interrupt
   */
  public static void run(String name, int parts, IntConsumer part) {
    if (parts == 1) {
      part.accept(0);
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(parts, work -> thread(name, work));
    try {
      CompletionService<Void> done = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < parts; i++) {
        int index = i;
        done.submit(() -> part.accept(index), null);
      }
      await(done, parts, threads);
    } finally {
      end(threads);
    }
  }

  private static void await(CompletionService<Void> done, int parts, ExecutorService threads) {
    boolean interrupted = false;
    Throwable failure = null;
    for (int ended = 0; ended < parts; ) {
      try {
        done.take().get();
        ended++;
      } catch (InterruptedException e) {
        interrupted = true;
        threads.shutdownNow();
      } catch (ExecutionException e) {
        ended++;
        failure = failure == null ? e.getCause() : failure;
        threads.shutdownNow();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "threads must end with their work, but had not within %d seconds"
                .formatted(END_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, "lepton-" + name);
    thread.setDaemon(true);
    return thread;
  }
}
