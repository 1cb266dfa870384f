package io.lepton.spark.ml;

import io.lepton.tf.SessionOptions;
import io.lepton.tf.bundle.Scorer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.TaskContext;

/**
 * The models of this process: each is loaded once, by the first task that wants it, and shared by
 * all tasks. Those that nobody uses stay for the next task, the {@value #MOST_IDLE} used last. Any
 * thread.
 */
final class LoadedModels {
  private static final int MOST_IDLE = 4;
  private static final long PATIENCE_MINUTES = 10;
  private static final LoadedModels SHARED = new LoadedModels();

  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long loads;

  private record Key(String sha256, SessionOptions options) {}

  private static final class Entry {
    private final CompletableFuture<Scorer> scorer = new CompletableFuture<>();
    private int users;
  }

  /**
   * That a model was not there yet.
   *
   * @param loaded whether whoever waited loaded it
   */
  record Wait(boolean loaded, double seconds) {}

  /** A model lent to one task. */
  final class Loan implements AutoCloseable {
    private final Entry entry;
    private final Scorer scorer;
    private final Wait wait;
    private boolean closed;

    private Loan(Entry entry, Scorer scorer, Wait wait) {
      this.entry = entry;
      this.scorer = scorer;
      this.wait = wait;
    }

    Scorer scorer() {
      return scorer;
    }

    /** How long the task waited for it; empty if it was there. */
    Optional<Wait> waited() {
      return Optional.ofNullable(wait);
    }

    /** Gives it back; idempotent. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        giveBack(entry);
      }
    }
  }

  private LoadedModels() {}

  static LoadedModels shared() {
    return SHARED;
  }

  /** How many loads there were in this process. */
  synchronized long loads() {
    return loads;
  }

  /** A load ended because its task was to, which says nothing of the model. */
  private static final class EndedLoad extends Exception {
    private static final long serialVersionUID = 1;

    EndedLoad(Throwable cause) {
      super(cause);
    }
  }

  /**
   * Borrows a model; waits while another task loads it, and loads it in its place if that is
   * killed.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  Loan borrow(ModelSource source, SessionOptions options) {
    Key key = new Key(source.sha256(), options);
    long start = System.nanoTime();
    while (true) {
      Optional<Loan> loan = tryBorrow(key, source, start);
      if (loan.isPresent()) {
        return loan.get();
      }
    }
  }

  /** Empty if the load that was waited for has ended with its task. */
  private Optional<Loan> tryBorrow(Key key, ModelSource source, long start) {
    Entry entry;
    boolean first;
    synchronized (this) {
      first = !entries.containsKey(key);
      entry = entries.computeIfAbsent(key, any -> new Entry());
      entry.users++;
      loads += first ? 1 : 0;
    }
    try {
      boolean there = entry.scorer.isDone();
      if (first) {
        load(key, entry, source);
      }
      Scorer scorer = await(entry);
      double seconds = (System.nanoTime() - start) / 1e9;
      return Optional.of(new Loan(entry, scorer, there ? null : new Wait(first, seconds)));
    } catch (EndedLoad e) {
      giveBack(entry);
      if (first) {
        throw new IllegalStateException("a task was killed while it loaded a model", e.getCause());
      }
      return Optional.empty();
    } catch (RuntimeException e) {
      giveBack(entry);
      throw e;
    }
  }

  private void load(Key key, Entry entry, ModelSource source) {
    try {
      entry.scorer.complete(source.load(key.options()));
    } catch (IOException | RuntimeException | Error e) {
      synchronized (this) {
        entries.remove(key);
      }
      entry.scorer.completeExceptionally(isToEnd(e) ? new EndedLoad(e) : e);
    }
  }

  /** Whether this thread failed because it is to end: Spark interrupts the tasks that it kills. */
  private static boolean isToEnd(Throwable failure) {
    TaskContext task = TaskContext.get();
    return Thread.currentThread().isInterrupted()
        || (task != null && task.isInterrupted())
        || ExceptionUtils.getThrowableList(failure).stream()
            .anyMatch(
                it ->
                    it instanceof InterruptedException
                        || it instanceof ClosedByInterruptException
                        || (it instanceof InterruptedIOException
                            && !(it instanceof SocketTimeoutException)));
  }

  private static Scorer await(Entry entry) throws EndedLoad {
    try {
      return entry.scorer.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EndedLoad ended) {
        throw ended;
      }
      if (e.getCause() instanceof IOException cause) {
        throw new UncheckedIOException(cause);
      }
      throw new IllegalStateException("a model could not be loaded", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "a model must be loaded within %d minutes, but was not".formatted(PATIENCE_MINUTES), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a model", e);
    }
  }

  private void giveBack(Entry entry) {
    List<Scorer> closing = new ArrayList<>();
    synchronized (this) {
      entry.users--;
      long idle = entries.values().stream().filter(it -> it.users == 0).count();
      Iterator<Entry> oldest = entries.values().iterator();
      while (idle > MOST_IDLE && oldest.hasNext()) {
        Entry candidate = oldest.next();
        if (candidate.users == 0) {
          oldest.remove();
          closing.add(candidate.scorer.getNow(null));
          idle--;
        }
      }
    }
    closing.forEach(Scorer::close);
  }
}
