package io.lepton.spark.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.function.IntConsumer;
import org.apache.spark.SparkEnv;

/** Work on several threads, none of which outlives it. */
public final class SideBySide {
  /** Threads that work at a time, at most: with more, memory is what they wait for. */
  public static final int MOST = 4;

  private SideBySide() {}

  /**
   * As many threads as this process has cores, but no more than there are parts, or {@link #MOST}.
   */
  public static int threads(int parts) {
    int cores = Runtime.getRuntime().availableProcessors();
    SparkEnv env = SparkEnv.get();
    int own =
        env == null || env.executorId().equals("driver")
            ? cores
            : env.conf().getInt("spark.executor.cores", cores);
    return Math.max(1, Math.min(Math.min(parts, MOST), Math.min(cores, own)));
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
    CompletionService<Void> done = new ExecutorCompletionService<>(Runnable::run);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      int index = i;
      Thread thread =
          new Thread(() -> done.submit(() -> part.accept(index), null), "lepton-" + name);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    Throwable failure = await(done, threads);
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Waits until all have ended; returns why the first failed, or null. */
  private static Throwable await(CompletionService<Void> done, List<Thread> threads) {
    boolean interrupted = false;
    Throwable failure = null;
    for (int ended = 0; ended < threads.size(); ) {
      try {
        done.take().get();
        ended++;
      } catch (InterruptedException e) {
        interrupted = true;
        threads.forEach(Thread::interrupt);
      } catch (ExecutionException e) {
        ended++;
        failure = failure == null ? e.getCause() : failure;
        threads.forEach(Thread::interrupt);
      }
    }
    for (Thread thread : threads) {
      interrupted |= join(thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failure;
  }

  /** Waits for a thread that has nothing more to do; whether an interrupt came meanwhile. */
  private static boolean join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }
}
