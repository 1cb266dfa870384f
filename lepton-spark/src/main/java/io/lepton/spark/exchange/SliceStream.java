package io.lepton.spark.exchange;

import static java.util.stream.Collectors.joining;

import io.lepton.arrow.FlatVector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
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
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.storage.BlockManager;

/**
 * Slices, handed out in the order they are wanted while the next ones are on their way. What is on
 * its way, waits or has not been closed stays within a budget of bytes, or is one slice. One
 * thread.
 */
public final class SliceStream implements AutoCloseable {
  /** Enough for two peers to send while slices of two are worked on, twice over. */
  public static final long BUDGET = 8L * Publisher.SLICE;

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
    this(
        wanted,
        BUDGET,
        Duration.ofSeconds(
            SparkEnv.get().conf().getTimeAsSeconds("spark.network.timeout", "120s")));
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
      Pending one = new Pending(next, new CompletableFuture<>());
      pending.add(one);
      held += next.size();
      mostHeld = Math.max(mostHeld, held);
      advance();
      fetch(one);
    }
  }

  private void advance() {
    next = wanted.hasNext() ? wanted.next() : null;
  }

  private static void fetch(Pending one) {
    BlockManager store = SparkEnv.get().blockManager();
    Address.Slice slice = one.slice();
    if (slice.isHere()) {
      read(store, one);
      return;
    }
    Address address = slice.address();
    String[] blocks = {slice.block().name()};
    store
        .blockTransferService()
        .fetchBlocks(
            address.host(), address.port(), address.executor(), blocks, new Arrival(one), null);
  }

  /** Spark throws checked exceptions here that it does not declare. */
  private static void read(BlockManager store, Pending one) {
    try {
      ManagedBuffer block = store.getLocalBlockData(one.slice().block());
      ByteBuffer bytes = block.nioByteBuffer();
      one.arrival()
          .complete(new ArrivedSlice(Unpooled.wrappedBuffer(bytes), () -> block.release()));
    } catch (Exception e) {
      one.arrival().completeExceptionally(e);
    }
  }

  /** Keeps the bytes as Netty received them, or lets them go if nobody waits any more. */
  private record Arrival(Pending one) implements BlockFetchingListener {
    @Override
    public void onBlockFetchSuccess(String block, ManagedBuffer data) {
      try {
        ByteBuf bytes = (ByteBuf) data.convertToNetty();
        if (!one.arrival().complete(new ArrivedSlice(bytes, bytes::release))) {
          bytes.release();
        }
      } catch (IOException e) {
        one.arrival().completeExceptionally(e);
      }
    }

    @Override
    public void onBlockFetchFailure(String block, Throwable failure) {
      one.arrival().completeExceptionally(failure);
    }
  }
}
