package io.lepton.spark.checkpoint;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checkpoints beside the training: one at a time, and one more may wait, the newest. What
 * cannot be written is logged and counted. The training's thread calls, another one writes.
 */
public final class CheckpointWriter {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

  private final CheckpointStore store;
  private final LongSupplier nanoTime;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "lepton-checkpoints");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicReference<Checkpoint> waiting = new AtomicReference<>();
  private int lastRound;
  private long lastTime;
  private int superseded;
  private long copiedBytes;
  private double pauseSeconds;

  private OptionalInt newest = OptionalInt.empty();
  private int written;
  private long bytes;
  private int failed;
  private int failedInRow;
  private String failure;

  /**
   * A writer; its thread lives until {@link #close}.
   *
   * @param round rounds of the training so far
   * @param nanoTime as {@link System#nanoTime()} tells it
   */
  public CheckpointWriter(CheckpointStore store, int round, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
    this.lastRound = round;
    this.lastTime = nanoTime.getAsLong();
  }

  /** Whether so many rounds or so much time went by since the last one that one is to be taken. */
  public boolean isDue(int round) {
    CheckpointOptions options = store.options();
    return options.everyRounds().stream().anyMatch(every -> round - lastRound >= every)
        || options
            .every()
            .filter(every -> nanoTime.getAsLong() - lastTime >= every.toNanos())
            .isPresent();
  }

  /**
   * Hands a checkpoint over and returns at once.
   *
   * @param copied bytes that were copied for it
   * @param since when work for it began
   */
  public void offer(Checkpoint checkpoint, long copied, long since) {
    Checkpoint older = waiting.getAndSet(checkpoint);
    if (older == null) {
      thread.execute(this::writeWaiting);
    } else {
      older.distant().done().run();
      superseded++;
    }
    lastRound = checkpoint.round();
    lastTime = nanoTime.getAsLong();
    copiedBytes += copied;
    pauseSeconds += (lastTime - since) / 1e9;
  }

  /**
   * Waits until all is written that was handed over, or gives up.
   *
   * @param deadline for that
   */
  public CheckpointReport close(Duration deadline) {
    thread.shutdown();
    boolean done = false;
    try {
      done = thread.awaitTermination(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!done) {
      thread.shutdownNow();
      failed(lastRound, "it was not written within " + deadline);
    }
    return report();
  }

  private void writeWaiting() {
    Checkpoint checkpoint = waiting.getAndSet(null);
    try {
      wrote(checkpoint.round(), store.write(checkpoint));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      LOG.warn("{} could not be written; the training goes on", checkpoint.name(), e);
      failed(checkpoint.round(), e.toString());
    } finally {
      checkpoint.distant().done().run();
    }
  }

  private synchronized void wrote(int round, long more) {
    newest = OptionalInt.of(round);
    written++;
    bytes += more;
    failedInRow = 0;
  }

  private synchronized void failed(int round, String why) {
    failed++;
    failedInRow++;
    failure = "%s: %s".formatted(Checkpoint.name(round), why);
  }

  private synchronized CheckpointReport report() {
    return new CheckpointReport(
        newest,
        written,
        bytes,
        superseded,
        failed,
        failedInRow,
        Optional.ofNullable(failure),
        copiedBytes,
        pauseSeconds);
  }
}
