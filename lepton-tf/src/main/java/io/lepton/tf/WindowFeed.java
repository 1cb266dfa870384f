package io.lepton.tf;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Feeds a session windows of chunks, one chunk into each slot from the first: while the caller
 * steps on one window, the next is staged by a thread of the feed's own. So at most two windows are
 * lent. One caller; in between only what may run beside {@link ProgramSession#stage}.
 */
public final class WindowFeed implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ProgramSession session;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(WindowFeed::thread);
  private Future<?> staging;

  public WindowFeed(ProgramSession session) {
    this.session = session;
  }

  /**
   * Loads a window and begins to stage another; what is in its place already costs nothing.
   *
   * @param next what will be loaded after it; empty if that is not known
   * @throws IllegalStateException as {@link #await} does
   */
  public void load(List<NumberedChunk> window, List<NumberedChunk> next) {
    await();
    session.load(window);
    if (!next.isEmpty() && !session.isStaged(next)) {
      staging = thread.submit(() -> session.stage(next));
    }
  }

  /**
   * Waits until what was begun is staged; then the session is the caller's alone.
   *
   * @throws IllegalStateException if it could not be staged, with the cause, or not in five
   *     minutes, or if the caller is interrupted
   */
  public void await() {
    if (staging == null) {
      return;
    }
    try {
      staging.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      staging = null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the chunks to come could not be staged: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("a window must be staged within " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while chunks were staged", e);
    }
  }

  /**
   * Has the thread end after the window at hand, and waits until it did.
   *
   * @throws IllegalStateException if it does not in five minutes: the session must then not be
   *     closed
   */
  @Override
  public void close() {
    thread.shutdown();
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended && System.nanoTime() < end) {
      try {
        ended = thread.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      throw new IllegalStateException("a window must be staged within " + PATIENCE);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "lepton-window-feed");
    thread.setDaemon(true);
    return thread;
  }
}
