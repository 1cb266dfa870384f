package io.lepton.spark;

import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.ArrivedSlice;
import io.lepton.spark.exchange.SliceStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * Means of deltas by their weights: slice by slice and, of a slice, in the order of replicas, so
 * that the bits of a sum do not depend on who was first. Sums are doubles. Only one slice's sum and
 * the slices of a {@link SliceStream} are held, however many replicas there are. One thread.
 */
final class SliceMeans {
  private final DeltaForm form;
  private final double[] sum;
  private final SliceReader reader;
  private long mostArrived;

  /** Takes means. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes that of a slice.
     *
     * @param mean used again for the next
     * @param count elements
     */
    void take(int slice, double[] mean, int count);
  }

  /** Means of deltas of a form. */
  SliceMeans(DeltaForm form) {
    this.form = form;
    this.reader = new SliceReader(form.codec());
    this.sum = new double[(int) Math.min(form.size(), form.slice())];
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
   * Gives the means of all slices from one on, in order.
   *
   * @param parts that count, in the order of replicas; at least one
   * @throws io.lepton.spark.exchange.FetchException if a slice does not come; that mean and those
   *     after it are not given then
   */
  void each(int first, Collection<DeltaFold.Part> parts, Sink sink) {
    double weight = weight(parts);
    SliceStream slices = new SliceStream(order(first, parts));
    try (slices) {
      for (int index = first; index < form.slices(); index++) {
        int count = form.count(index);
        Arrays.fill(sum, 0, count, 0);
        for (DeltaFold.Part part : parts) {
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
        sink.take(index, sum, count);
      }
    } finally {
      mostArrived = Math.max(mostArrived, slices.mostHeld());
    }
  }

  /** The most bytes held at once. */
  long mostHeld() {
    return (long) sum.length * Double.BYTES + SliceReader.BYTES + mostArrived;
  }

  private Iterator<Address.Slice> order(int first, Collection<DeltaFold.Part> parts) {
    return IntStream.range(first, form.slices())
        .boxed()
        .flatMap(index -> parts.stream().map(part -> part.delta().slice(index)))
        .iterator();
  }

  private void add(float[] values, int source, int count, int target, double weight) {
    for (int i = 0; i < count; i++) {
      sum[target + i] += weight * values[source + i];
    }
  }
}
