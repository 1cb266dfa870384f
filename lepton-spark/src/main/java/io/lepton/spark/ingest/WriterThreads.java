package io.lepton.spark.ingest;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The threads of this process that write shards: one for every four cores, as a core writes faster
 * than four decode. They end when idle. What is given to one runs in that order.
 */
final class WriterThreads {
  private static final int CORES_PER_THREAD = 4;
  private static final List<Executor> THREADS =
      IntStream.range(0, 1 + Runtime.getRuntime().availableProcessors() / CORES_PER_THREAD)
          .mapToObj(WriterThreads::thread)
          .toList();

  private WriterThreads() {}

  /** The thread for a number, always the same. */
  static Executor of(int number) {
    return THREADS.get(Math.floorMod(number, THREADS.size()));
  }

  private static Executor thread(int number) {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread worker = new Thread(work, "lepton-shard-writer-" + number);
              worker.setDaemon(true);
              return worker;
            });
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }
}
