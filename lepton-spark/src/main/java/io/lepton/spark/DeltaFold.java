package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.ArrivedSlice;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SliceStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Adds the mean of deltas, weighted by what each replica trained on, to the parameters they started
 * from: slice by slice and, of a slice, in the order of replicas, so that the bits of the sum do
 * not depend on who was first. Sums are doubles. Beside the two vectors only one slice's sum and
 * the slices of a {@link SliceStream} are held, however many replicas there are. One thread.
 */
final class DeltaFold {
  private static final int PIECE = 1 << 15;

  private final FlatVector start;
  private final FlatVector result;
  private final TreeMap<Integer, Part> parts;
  private final double[] sum;
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(PIECE * Float.BYTES).order(ByteOrder.nativeOrder());
  private final FloatBuffer floats = bytes.asFloatBuffer();
  private final float[] piece = new float[PIECE];
  private int done;
  private long mostHeld;

  /**
   * What a replica adds.
   *
   * @param delta as large as the parameters; null if it took no step
   * @param checksum of the delta
   */
  record Part(Address delta, long checksum, double weight) {
    private boolean counts() {
      return delta != null && weight != 0;
    }

    private boolean sameAs(Part other) {
      return counts() == other.counts()
          && (!counts() || (checksum == other.checksum && weight == other.weight));
    }
  }

  /** A fold of the parts of all replicas, cut as {@link Publisher} does. */
  DeltaFold(FlatVector start, SortedMap<Integer, Part> parts) {
    this(start, parts, Publisher.SLICE / Float.BYTES);
  }

  /**
   * A fold of the parts of all replicas.
   *
   * @param slice elements of each slice but the last
   */
  DeltaFold(FlatVector start, SortedMap<Integer, Part> parts, int slice) {
    this.start = start;
    this.parts = new TreeMap<>(parts);
    this.result = FlatVector.allocate(start.size());
    this.sum = new double[Math.min(start.size(), slice)];
  }

  /**
   * {@code start + mean of deltas}, a new vector; called again after a failure it goes on with the
   * slice that failed.
   *
   * @throws FetchException if a slice does not come; nothing of it counts
   */
  FlatVector run() {
    Collection<Part> counting = parts.values().stream().filter(Part::counts).toList();
    double weight = 0;
    for (Part part : counting) {
      weight += part.weight();
    }
    if (counting.isEmpty()) {
      result.bytes().put(start.bytes());
      return result;
    }
    SliceStream slices = new SliceStream(order(counting));
    try (slices) {
      for (; done < slices(); done++) {
        int from = done * sum.length;
        int count = Math.min(sum.length, start.size() - from);
        Arrays.fill(sum, 0, count, 0);
        for (Part part : counting) {
          try (ArrivedSlice slice = slices.next()) {
            add(slice, count, part.weight());
          }
        }
        move(from, count, weight);
      }
    } finally {
      mostHeld = Math.max(mostHeld, slices.mostHeld());
    }
    return result;
  }

  /**
   * Takes what a replica that ran again adds. If it is not what it was, the fold starts over: no
   * sum is of two attempts.
   */
  void replace(int replica, Part part) {
    if (!part.sameAs(parts.put(replica, part))) {
      done = 0;
    }
  }

  /** Slices that are folded. */
  int done() {
    return done;
  }

  /** The most bytes held at once, both vectors included. */
  long mostHeld() {
    return 2L * start.size() * Float.BYTES
        + (long) sum.length * Double.BYTES
        + 2L * PIECE * Float.BYTES
        + mostHeld;
  }

  private int slices() {
    return sum.length == 0 ? 0 : (start.size() + sum.length - 1) / sum.length;
  }

  private Iterator<Address.Slice> order(Collection<Part> counting) {
    return IntStream.range(done, slices())
        .boxed()
        .flatMap(index -> counting.stream().map(part -> part.delta().slice(index)))
        .iterator();
  }

  private void add(ArrivedSlice slice, int count, double weight) {
    for (int at = 0; at < count; at += PIECE) {
      int some = Math.min(PIECE, count - at);
      slice.read(bytes.clear().limit(some * Float.BYTES));
      floats.get(0, piece, 0, some);
      for (int i = 0; i < some; i++) {
        sum[at + i] += weight * piece[i];
      }
    }
  }

  private void move(int from, int count, double weight) {
    for (int at = 0; at < count; at += PIECE) {
      int some = Math.min(PIECE, count - at);
      start.floats().get(from + at, piece, 0, some);
      for (int i = 0; i < some; i++) {
        piece[i] = (float) (piece[i] + sum[at + i] / weight);
      }
      result.floats().put(from + at, piece, 0, some);
    }
  }
}
