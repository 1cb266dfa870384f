package io.lepton.spark;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.apache.spark.SparkContext;

/** Looks after the jobs of an application on a thread of its own, and may give them all up. */
final class JobWatch implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(250);

  private final SparkContext spark;
  private final BiFunction<String, Throwable, RuntimeException> failure;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String givenUp;

  /**
   * Does not watch yet.
   *
   * @param failure what work fails with whose jobs were given up, of a message and a cause
   */
  JobWatch(SparkContext spark, BiFunction<String, Throwable, RuntimeException> failure) {
    this.spark = spark;
    this.failure = failure;
  }

  /** Looks from now on until it is closed, the application ends or its jobs are given up. */
  void start(String name, Runnable look) {
    Thread thread = new Thread(() -> watch(look), name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Does some work on this thread; throws what it throws, or the failure if it was given up. */
  <T> T over(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (Exception e) {
      throw givenUp == null ? e : failure.apply(givenUp, e);
    }
  }

  /** Cancels all jobs, and those that come. */
  void giveUp(String message) {
    givenUp = message;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void watch(Runnable look) {
    try {
      while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS) && !spark.isStopped()) {
        if (givenUp == null) {
          look.run();
        }
        if (givenUp != null) {
          spark.cancelAllJobs();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
