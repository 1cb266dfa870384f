package io.lepton.spark.exchange;

import io.lepton.arrow.FlatVector;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;

/**
 * Slices of the driver that many processes read. Where that takes long over the driver's link, each
 * process offers the others what it has of them until the scope ends, and takes what others offer.
 *
 * @param origin where all of them are
 * @param amongPeers whether processes read from each other
 */
public record SharedSlices(Address origin, boolean amongPeers) implements Serializable {
  /** Executors from which it pays. */
  public static final int FROM_EXECUTORS = 4;

  /**
   * Bytes over the driver's link from which it pays; what it costs is a few calls of the driver.
   */
  public static final long FROM_BYTES = 16 << 20;

  /** Publishes slices to be read by each executor; see {@link Publisher#publish}. */
  public static SharedSlices publish(BlockScope scope, String field, List<ByteBuffer> slices) {
    Address origin = Publisher.publish(scope.id(), field, slices);
    return new SharedSlices(origin, pays(executors(), origin.bytes()));
  }

  /** Publishes a vector, in larger slices if each is offered to others and looked up by them. */
  static SharedSlices publish(BlockScope scope, String field, FlatVector vector) {
    long bytes = vector.size() * Float.BYTES;
    boolean amongPeers = pays(executors(), bytes);
    int slice = amongPeers ? Publisher.SLICE : Publisher.slice(bytes);
    return new SharedSlices(
        Publisher.publish(scope.id(), field, Publisher.cut(vector, slice), vector), amongPeers);
  }

  private static int executors() {
    return SparkEnv.get().blockManager().master().getMemoryStatus().size() - 1;
  }

  /** Whether processes read from each other if so many executors read so many bytes. */
  public static boolean pays(int executors, long bytes) {
    return executors >= FROM_EXECUTORS && executors * bytes >= FROM_BYTES;
  }

  /**
   * Bytes that the origin sends if so many executors read so many bytes together: a copy, and what
   * they ask for before any has something to offer.
   */
  public static long fromOrigin(int executors, long bytes) {
    long atFirst = Math.min(bytes, (long) PeerStream.AT_ONCE * Publisher.SLICE);
    return pays(executors, bytes)
        ? Math.min(executors * bytes, bytes + executors * atFirst)
        : executors * bytes;
  }

  /** Bytes of all slices. */
  public long bytes() {
    return origin.bytes();
  }

  /**
   * Fills a vector, which nobody may write to after that before the scope ends.
   *
   * @return bytes that the origin sent
   * @throws FetchException if it cannot be had; nothing is offered then
   */
  long readInto(FlatVector vector) {
    BiConsumer<Integer, ArrivedSlice> copy =
        (index, slice) -> {
          int count = origin.sizes().get(index) / Float.BYTES;
          ByteBuffer part = vector.bytes(before(index), count);
          slice.read(part.duplicate());
          offer(index, part, vector);
        };
    return amongPeers ? readAmongPeers(copy) : readFromOrigin(() -> copy);
  }

  /**
   * Reads each slice once, in any order.
   *
   * @param takers each for a thread; gets numbers and slices, which are closed after that
   * @return bytes that the origin sent
   * @throws FetchException if one cannot be had; nothing is offered then
   */
  public long readEach(Supplier<BiConsumer<Integer, ArrivedSlice>> takers) {
    if (!amongPeers) {
      return readFromOrigin(takers);
    }
    BiConsumer<Integer, ArrivedSlice> take = takers.get();
    return readAmongPeers(
        (index, slice) -> {
          ByteBuffer copy =
              ByteBuffer.allocateDirect(slice.remaining()).order(ByteOrder.nativeOrder());
          slice.read(copy);
          offer(index, copy.flip(), null);
          take.accept(index, ArrivedSlice.of(copy.duplicate()));
        });
  }

  private long readFromOrigin(Supplier<BiConsumer<Integer, ArrivedSlice>> takers) {
    int count = origin.sizes().size();
    int threads = SideBySide.threads(count);
    SideBySide.run(
        "slices", threads, thread -> readFromOrigin(thread, threads, count, takers.get()));
    return origin.bytes();
  }

  /** Each of as many slices as there are threads. */
  private void readFromOrigin(
      int first, int threads, int count, BiConsumer<Integer, ArrivedSlice> take) {
    Iterator<Address.Slice> mine =
        IntStream.iterate(first, index -> index < count, index -> index + threads)
            .mapToObj(origin::slice)
            .iterator();
    long budget =
        count == 0 ? 0 : Math.max(SliceStream.BUDGET / threads, 2L * origin.sizes().get(0));
    try (SliceStream slices = new SliceStream(mine, budget, SliceStream.patience())) {
      for (int index = first; index < count; index += threads) {
        try (ArrivedSlice slice = slices.next()) {
          take.accept(index, slice);
        }
      }
    }
  }

  private long readAmongPeers(BiConsumer<Integer, ArrivedSlice> take) {
    try (PeerStream slices = new PeerStream(origin)) {
      while (slices.hasNext()) {
        try (ArrivedSlice slice = slices.next()) {
          take.accept(slices.index(), slice);
        }
      }
      return slices.fromOrigin();
    } catch (RuntimeException e) {
      Publisher.withdraw(origin);
      throw e;
    }
  }

  private void offer(int index, ByteBuffer bytes, FlatVector owner) {
    if (amongPeers) {
      Publisher.offer(origin.slice(index), bytes, owner);
    }
  }

  /** Elements before a slice; all slices but the last are of one size where a vector is cut. */
  private long before(int index) {
    return (long) index * (origin.sizes().get(0) / Float.BYTES);
  }
}
