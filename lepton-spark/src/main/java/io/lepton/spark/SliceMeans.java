package io.lepton.spark;

import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SideBySide;
import io.lepton.spark.exchange.SliceStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Means of deltas by their weights. Slices are folded side by side, each by one thread: piece by
 * piece and, of a piece, in the order of replicas, so that the bits of a sum depend neither on who
 * was first nor on the number of threads. Sums are doubles. A thread holds slices of some deltas
 * and sums of a piece, or, where it may not hold slices of all deltas, of a slice. One thread
 * calls.
 */
final class SliceMeans {
  /** Bytes of slices that all threads together have or wait for. */
  static final long BUDGET = 32L << 20;

  private static final int PIECE = SliceReader.PIECE;

  private final DeltaForm form;
  private final int threads;
  private final long budget;
  private long mostHeld;

  /** Takes means, on one thread. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes a piece of a slice, of which those before have been taken.
     *
     * @param from place of its first element in the slice
     * @param mean from its first element on; used again for the next
     * @param count elements, at most {@link SliceReader#PIECE}
     */
    void take(int slice, int from, double[] mean, int count);
  }

  /**
   * Means of deltas of a form.
   *
   * @param threads that fold at most
   */
  SliceMeans(DeltaForm form, int threads) {
    this(form, threads, BUDGET);
  }

  /** The same where threads together have or wait for so many bytes of slices. */
  SliceMeans(DeltaForm form, int threads, long budget) {
    this.form = form;
    this.threads = threads;
    this.budget = budget;
  }

  /** Weights added in their order. */
  static double weight(Collection<DeltaFold.Part> parts) {
    double weight = 0;
    for (DeltaFold.Part part : parts) {
      weight += part.weight();
    }
    return weight;
  }

  /**
   * Gives the means of slices, in their order if there is one thread.
   *
   * @param parts that count, in the order of replicas; at least one
   * @param sinks one for each thread
   * @throws io.lepton.spark.exchange.FetchException if a slice does not come; nothing is given of
   *     its mean, and other means may be missing too
   */
  void each(List<Integer> slices, List<DeltaFold.Part> parts, Supplier<Sink> sinks) {
    int some = Math.max(1, Math.min(threads, slices.size()));
    AtomicLong held = new AtomicLong();
    try {
      SideBySide.run(
          "fold",
          some,
          thread -> {
            List<Integer> mine =
                IntStream.iterate(thread, at -> at < slices.size(), at -> at + some)
                    .mapToObj(slices::get)
                    .toList();
            new Folding(parts, budget / some, sinks.get()).run(mine, held);
          });
    } finally {
      mostHeld = Math.max(mostHeld, held.get());
    }
  }

  /** Bytes that so many threads hold at most, however many deltas of any size there are. */
  static long mostBytes(int threads) {
    long each = SliceReader.BYTES + (long) PIECE * Double.BYTES + 2L * Publisher.SLICE;
    return BUDGET + threads * each;
  }

  /** The most bytes held at once. */
  long mostHeld() {
    return mostHeld;
  }

  /** What a thread does. */
  private final class Folding {
    private final List<DeltaFold.Part> parts;
    private final double weight;
    private final Sink sink;
    private final int together;
    private final long budget;
    private final SliceReader reader = new SliceReader(form.codec());
    private final double[] mean = new double[PIECE];
    private final double[] sums;

    /** Half of the budget is for slices that are worked on, the other half for the next ones. */
    Folding(List<DeltaFold.Part> parts, long budget, Sink sink) {
      long slice = Math.max(1, form.codec().encodedBytes(form.slice()));
      this.parts = parts;
      this.weight = weight(parts);
      this.sink = sink;
      this.together = (int) Math.max(1, Math.min(parts.size(), budget / 2 / slice));
      this.budget = 2L * together * slice;
      this.sums = new double[isWhole() ? PIECE : (int) Math.min(form.size(), form.slice())];
    }

    void run(List<Integer> slices, AtomicLong held) {
      SliceStream stream = new SliceStream(order(slices), budget, SliceStream.patience());
      try (stream) {
        slices.forEach(slice -> fold(slice, stream));
      } finally {
        held.addAndGet(
            stream.mostHeld()
                + SliceReader.BYTES
                + (long) (mean.length + sums.length) * Double.BYTES);
      }
    }

    private void fold(int slice, SliceStream stream) {
      for (int first = 0; first < parts.size(); first += together) {
        int end = Math.min(parts.size(), first + together);
        List<SliceReader.Reading> readings = new ArrayList<>();
        try {
          for (int i = first; i < end; i++) {
            readings.add(reader.open(stream.next(), form.count(slice)));
          }
          add(slice, first, readings);
        } finally {
          readings.forEach(SliceReader.Reading::close);
        }
      }
    }

    /** Adds some deltas to the sums, and if they are the last gives the means. */
    private void add(int slice, int first, List<SliceReader.Reading> readings) {
      int count = form.count(slice);
      for (int from = 0; from < count; from += PIECE) {
        int some = Math.min(PIECE, count - from);
        int at = isWhole() ? 0 : from;
        if (first == 0) {
          Arrays.fill(sums, at, at + some, 0);
        }
        for (int i = 0; i < readings.size(); i++) {
          double share = parts.get(first + i).weight();
          int offset = at - from;
          readings
              .get(i)
              .read(
                  from + some,
                  (values, source, length, target) ->
                      add(values, source, length, offset + target, share));
        }
        if (first + readings.size() == parts.size()) {
          for (int i = 0; i < some; i++) {
            mean[i] = sums[at + i] / weight;
          }
          sink.take(slice, from, mean, some);
        }
      }
    }

    private void add(float[] values, int source, int count, int target, double share) {
      for (int i = 0; i < count; i++) {
        sums[target + i] += share * values[source + i];
      }
    }

    /** Whether all deltas are added to a piece before the next piece. */
    private boolean isWhole() {
      return together == parts.size();
    }

    private Iterator<Address.Slice> order(List<Integer> slices) {
      return slices.stream()
          .flatMap(slice -> parts.stream().map(part -> part.delta().slice(slice)))
          .iterator();
    }
  }
}
