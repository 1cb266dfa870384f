package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.FetchException;
import java.io.Serializable;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds the mean of deltas, weighted by what each replica trained on, to the parameters they started
 * from. Beside the two vectors only what {@link SliceMeans} holds is held, however many replicas
 * there are. One thread.
 */
final class DeltaFold {
  private final FlatVector start;
  private final FlatVector result;
  private final TreeMap<Integer, Part> parts;
  private final DeltaForm form;
  private final MeanMove move;
  private final SliceMeans means;
  private int done;

  /**
   * What a replica adds.
   *
   * @param delta of the form's slices; null if it took no step or does not count
   * @param checksum of the delta
   */
  record Part(Address delta, long checksum, double weight) implements Serializable {
    boolean counts() {
      return delta != null && weight != 0;
    }

    boolean sameAs(Part other) {
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
    this.means = new SliceMeans(form);
  }

  /**
   * The start moved by the mean of the deltas, in the result; called again after a failure it goes
   * on with the slice that failed.
   *
   * @throws FetchException if a slice does not come; nothing of it counts
   */
  FlatVector run() {
    Collection<Part> counting = parts.values().stream().filter(Part::counts).toList();
    if (done == 0) {
      move.begin();
      copyFrom(counting.isEmpty() ? 0 : form.size());
    }
    if (!counting.isEmpty()) {
      means.each(done, counting, this::move);
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
    return 2L * start.size() * Float.BYTES + means.mostHeld();
  }

  private void move(int slice, double[] mean, int count) {
    move.move(start, mean, form.from(slice), count, result);
    done = slice + 1;
  }

  /** Elements that no delta moves. */
  private void copyFrom(long first) {
    long count = start.size() - first;
    result.part(first, count).put(start.part(first, count));
  }
}
