package io.lepton.spark.exchange;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerId;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * All slices of an address, each from a process that offers it, or else from the address itself. A
 * process begins at a place of its own and goes round, so that processes that read together soon
 * have something for each other. A slice that one process does not send comes from the next that
 * has it, in the end from the address. One thread.
 */
final class PeerStream implements AutoCloseable {
  /** Slices on their way at once: few, so that most are asked for when others have them. */
  static final int AT_ONCE = 4;

  /** Part of the patience with the address that others get. */
  private static final int HURRY = 4;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final Address origin;
  private final Duration deadline;
  private final int[] order;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final Set<String> avoided = new HashSet<>();
  private final List<String> failures = new ArrayList<>();
  private int asked;
  private int taken;
  private int index;
  private long fromOrigin;

  private record Pending(
      Address.Slice slice, List<Address> others, CompletableFuture<ArrivedSlice> arrival) {}

  /** Slices each to come within Spark's network timeout from the address. */
  PeerStream(Address origin) {
    this(origin, SliceStream.patience());
  }

  /**
   * Slices to come.
   *
   * @param deadline of each wait for the address
   */
  PeerStream(Address origin, Duration deadline) {
    this.origin = origin;
    this.deadline = deadline;
    this.order = round(origin.sizes().size());
  }

  boolean hasNext() {
    return taken < order.length;
  }

  /**
   * Waits for one more slice, which the caller must close before the next.
   *
   * @throws FetchException if it cannot be had, naming who should have sent it
   * @throws NoSuchElementException if there is none
   */
  ArrivedSlice next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all slices of %s have come".formatted(origin));
    }
    if (pending.size() <= AT_ONCE / 2) {
      request();
    }
    ArrivedSlice slice = await(pending.remove());
    index = order[taken++];
    return slice;
  }

  /** The number of the last slice. */
  int index() {
    return index;
  }

  /** Bytes that came from the address. */
  long fromOrigin() {
    return fromOrigin;
  }

  /** Gives up what has not come. */
  @Override
  public void close() {
    pending.forEach(one -> giveUp(one.arrival()));
    pending.clear();
  }

  private ArrivedSlice await(Pending first) {
    for (Pending one = first; ; one = next(one)) {
      Address from = one.slice().address();
      boolean last = from.equals(origin);
      Duration patience = last ? deadline : deadline.dividedBy(HURRY);
      try {
        ArrivedSlice slice = one.arrival().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        fromOrigin += last ? one.slice().size() : 0;
        return slice;
      } catch (ExecutionException e) {
        failed(one, "failed: " + e.getCause(), e.getCause());
      } catch (TimeoutException e) {
        giveUp(one.arrival());
        failed(one, "did not within " + patience, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        giveUp(one.arrival());
        throw new FetchException(one.slice(), "the wait was interrupted", e);
      }
    }
  }

  private void failed(Pending one, String why, Throwable cause) {
    Address from = one.slice().address();
    if (from.equals(origin)) {
      String before = failures.isEmpty() ? "" : "; nor did others: " + String.join("; ", failures);
      throw new FetchException(one.slice(), why + before, cause);
    }
    if (avoided.add(from.executor())) {
      failures.add(from.peer() + " " + why);
    }
  }

  private Pending next(Pending failed) {
    return send(failed.slice().index(), failed.others());
  }

  private void request() {
    int some = Math.min(order.length - asked, AT_ONCE - pending.size());
    if (some == 0) {
      return;
    }
    List<List<Address>> peers = peers(asked, some);
    for (int i = 0; i < some; i++) {
      pending.add(send(order[asked++], peers.get(i)));
    }
  }

  private Pending send(int slice, List<Address> peers) {
    List<Address> left = peers.stream().filter(peer -> !avoided.contains(peer.executor())).toList();
    Address from = left.isEmpty() ? origin : left.get(0);
    return new Pending(
        from.slice(slice),
        left.isEmpty() ? left : left.subList(1, left.size()),
        SliceRequest.send(from.slice(slice)));
  }

  /** Who offers some of the slices, in the order to ask them. */
  private List<List<Address>> peers(int first, int some) {
    BlockId[] blocks =
        IntStream.range(first, first + some)
            .mapToObj(at -> origin.slice(order[at]).block())
            .toArray(BlockId[]::new);
    List<Seq<BlockManagerId>> found =
        CollectionConverters.asJava(SparkEnv.get().blockManager().master().getLocations(blocks));
    return IntStream.range(0, some).mapToObj(i -> inTurn(found.get(i), order[first + i])).toList();
  }

  /** This process before all others, and those in another order for each slice and process. */
  private List<Address> inTurn(Seq<BlockManagerId> peers, int slice) {
    String here = SparkEnv.get().executorId();
    return CollectionConverters.asJava(peers).stream()
        .sorted(
            Comparator.comparingLong(
                peer ->
                    peer.executorId().equals(here)
                        ? Long.MIN_VALUE
                        : new SplittableRandom(Objects.hash(here, peer.executorId(), slice))
                            .nextLong()))
        .map(origin::at)
        .toList();
  }

  /** From this process's place to the end, then from the beginning. */
  private static int[] round(int slices) {
    double place = GOLDEN * SparkEnv.get().executorId().hashCode();
    int begin = (int) ((place - Math.floor(place)) * slices);
    return IntStream.range(0, slices).map(i -> (begin + i) % slices).toArray();
  }

  private static void giveUp(CompletableFuture<ArrivedSlice> arrival) {
    if (!arrival.cancel(false) && !arrival.isCompletedExceptionally()) {
      arrival.join().close();
    }
  }
}
