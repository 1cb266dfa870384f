package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.ArrivedSlice;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.exchange.SliceStream;
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
  private final FlatVector start;
  private final FlatVector result;
  private final TreeMap<Integer, Part> parts;
  private final DeltaForm form;
  private final MeanMove move;
  private final double[] sum;
  private final SliceReader reader;
  private int done;
  private long mostHeld;

  /**
   * What a replica adds.
   *
   * @param delta of the form's slices; null if it took no step or does not count
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

  /**
   * A fold of the parts of all replicas.
   *
   * @param result as long as the start, of any contents: what it becomes
   * @param form in which their deltas come
   * @param move by which their mean is applied
   */
  DeltaFold(
      FlatVector start,
      FlatVector result,
      SortedMap<Integer, Part> parts,
      DeltaForm form,
      MeanMove move) {
    this.start = start;
    this.parts = new TreeMap<>(parts);
    this.form = form;
    this.move = move;
    this.result = result;
    this.reader = new SliceReader(form.codec());
    this.sum = new double[(int) Math.min(form.size(), form.slice())];
  }

  /**
   * The start moved by the mean of the deltas, in the result; called again after a failure it goes
   * on with the slice that failed.
   *
   * @throws FetchException if a slice does not come; nothing of it counts
   */
  FlatVector run() {
    Collection<Part> counting = parts.values().stream().filter(Part::counts).toList();
    double weight = 0;
    for (Part part : counting) {
      weight += part.weight();
    }
    if (done == 0) {
      move.begin();
      copyFrom(counting.isEmpty() ? 0 : form.size());
    }
    if (counting.isEmpty()) {
      return result;
    }
    SliceStream slices = new SliceStream(order(counting));
    try (slices) {
      for (; done < form.slices(); done++) {
        int count = form.count(done);
        Arrays.fill(sum, 0, count, 0);
        for (Part part : counting) {
          try (ArrivedSlice slice = slices.next()) {
            reader.read(
                slice,
                count,
                (values, source, length, target) ->
                    add(values, source, length, target, part.weight()));
          }
        }
        for (int i = 0; i < count; i++) {
          sum[i] /= weight;
        }
        move.move(start, sum, form.from(done), count, result);
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
        + SliceReader.BYTES
        + mostHeld;
  }

  /** Elements that no delta moves. */
  private void copyFrom(long first) {
    long count = start.size() - first;
    result.part(first, count).put(start.part(first, count));
  }

  private Iterator<Address.Slice> order(Collection<Part> counting) {
    return IntStream.range(done, form.slices())
        .boxed()
        .flatMap(index -> counting.stream().map(part -> part.delta().slice(index)))
        .iterator();
  }

  private void add(float[] values, int source, int count, int target, double weight) {
    for (int i = 0; i < count; i++) {
      sum[target + i] += weight * values[source + i];
    }
  }
}
