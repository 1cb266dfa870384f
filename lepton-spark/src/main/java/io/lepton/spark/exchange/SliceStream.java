package io.lepton.spark.exchange;

import static java.util.stream.Collectors.joining;

import io.lepton.arrow.FlatVector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkEnv;

/**
 * Slices, handed out in the order they are wanted while the next ones are on their way. What is on
 * its way, waits or has not been closed stays within a budget of bytes, or is one slice. Each is
 * asked for by itself: of several in one message Spark would never unlock those before one that is
 * gone. One thread.
 */
public final class SliceStream implements AutoCloseable {
  /**
   * Enough for one to send while slices are worked on, and little enough that what came is in the
   * processor's cache still.
   */
  public static final long BUDGET = 3L * Publisher.SLICE;

  private final Iterator<Address.Slice> wanted;
  private final long budget;
  private final Duration deadline;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private Address.Slice next;
  private long held;
  private long mostHeld;

  private record Pending(Address.Slice slice, CompletableFuture<ArrivedSlice> arrival) {}

  /** Slices within the usual budget, each to come within Spark's network timeout. */
  public SliceStream(Iterator<Address.Slice> wanted) {
    this(wanted, BUDGET, patience());
  }

  /**
   * Slices to come.
   *
   * @param budget in bytes
   * @param deadline of each wait for the next slice
   */
  public SliceStream(Iterator<Address.Slice> wanted, long budget, Duration deadline) {
    this.wanted = wanted;
    this.budget = budget;
    this.deadline = deadline;
    advance();
  }

  /**
   * Fills a vector with all that is published at an address.
   *
   * @param into whose first elements the slices become; each must be of whole elements
   * @throws FetchException if it cannot be had
   */
  public static void read(Address address, FlatVector into) {
    long from = 0;
    try (SliceStream slices = new SliceStream(address.slices().iterator())) {
      for (int size : address.sizes()) {
        int count = size / Float.BYTES;
        try (ArrivedSlice slice = slices.next()) {
          slice.read(into.bytes(from, count));
        }
        from += count;
      }
    }
  }

  /**
   * Waits for the next slice, which the caller must close.
   *
   * @throws FetchException if it cannot be had, naming who has it, or who is missing at the
   *     deadline
   * @throws NoSuchElementException if there is none
   */
  public ArrivedSlice next() {
    request();
    Pending head = pending.element();
    ArrivedSlice slice = await(head);
    pending.remove();
    return slice.then(
        () -> {
          held -= head.slice().size();
          request();
        });
  }

  /** Spark's network timeout. */
  public static Duration patience() {
    return Duration.ofSeconds(
        SparkEnv.get().conf().getTimeAsSeconds("spark.network.timeout", "120s"));
  }

  /** The most bytes that ever were on their way or here at once. */
  public long mostHeld() {
    return mostHeld;
  }

  /** Gives up what has not been handed out. */
  @Override
  public void close() {
    next = null;
    for (Pending one : pending) {
      if (!one.arrival().cancel(false) && !one.arrival().isCompletedExceptionally()) {
        one.arrival().join().close();
      }
    }
    pending.clear();
  }

  private ArrivedSlice await(Pending head) {
    try {
      return head.arrival().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new FetchException(head.slice(), "failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      String others =
          pending.stream()
              .skip(1)
              .filter(one -> !one.arrival().isDone())
              .map(one -> one.slice().block().name() + " of " + one.slice().address().peer())
              .collect(joining(", "));
      throw new FetchException(
          head.slice(),
          "did not within %s%s".formatted(deadline, others.isEmpty() ? "" : "; nor came " + others),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException(head.slice(), "the wait was interrupted", e);
    }
  }

  private void request() {
    while (next != null && (pending.isEmpty() || held + next.size() <= budget)) {
      pending.add(new Pending(next, SliceRequest.send(next)));
      held += next.size();
      mostHeld = Math.max(mostHeld, held);
      advance();
    }
  }

  private void advance() {
    next = wanted.hasNext() ? wanted.next() : null;
  }
}
