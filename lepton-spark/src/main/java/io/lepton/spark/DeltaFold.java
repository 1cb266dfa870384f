package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.FetchException;
import java.io.Serializable;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Adds the mean of deltas, weighted by what each replica trained on, to the parameters they started
 * from. Beside the two vectors only what {@link SliceMeans} holds is held, however many replicas
 * there are. One thread, which has others help.
 */
final class DeltaFold {
  private final FlatVector start;
  private final FlatVector result;
  private final TreeMap<Integer, Part> parts;
  private final DeltaForm form;
  private final MeanMove move;
  private final SliceMeans means;
  private final BitSet done = new BitSet();

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
   * @param threads that fold at most
   */
  DeltaFold(
      FlatVector start,
      FlatVector result,
      SortedMap<Integer, Part> parts,
      DeltaForm form,
      MeanMove move,
      int threads) {
    this(start, result, parts, form, move, new SliceMeans(form, threads));
  }

  DeltaFold(
      FlatVector start,
      FlatVector result,
      SortedMap<Integer, Part> parts,
      DeltaForm form,
      MeanMove move,
      SliceMeans means) {
    this.start = start;
    this.parts = new TreeMap<>(parts);
    this.form = form;
    this.move = move;
    this.result = result;
    this.means = means;
  }

  /**
   * The start moved by the mean of the deltas, in the result; called again after a failure it goes
   * on with the slices that are not folded.
   *
   * @throws FetchException if a slice does not come; nothing of it counts
   */
  FlatVector run() {
    List<Part> counting = parts.values().stream().filter(Part::counts).toList();
    if (done() == 0) {
      move.begin();
      copyFrom(counting.isEmpty() ? 0 : form.size());
    }
    if (!counting.isEmpty()) {
      means.each(left(), counting, Mover::new);
    }
    return result;
  }

  /**
   * Takes what a replica that ran again adds. If it is not what it was, the fold starts over: no
   * sum is of two attempts.
   */
  void replace(int replica, Part part) {
    if (!part.sameAs(parts.put(replica, part))) {
      synchronized (done) {
        done.clear();
      }
    }
  }

  /** How many slices are folded. */
  int done() {
    synchronized (done) {
      return done.cardinality();
    }
  }

  private List<Integer> left() {
    synchronized (done) {
      return IntStream.range(0, form.slices()).filter(slice -> !done.get(slice)).boxed().toList();
    }
  }

  /** The most bytes held at once, both vectors included. */
  long mostHeld() {
    return 2L * start.size() * Float.BYTES + means.mostHeld();
  }

  /** Elements that no delta moves. */
  private void copyFrom(long first) {
    long count = start.size() - first;
    result.part(first, count).put(start.part(first, count));
  }

  /** Moves the slices of a thread. */
  private final class Mover implements SliceMeans.Sink {
    private final float[] elements = new float[MeanMove.PIECE];
    private final float[] moved = new float[MeanMove.PIECE];
    private MeanMove.Pieces pieces;

    @Override
    public void take(int slice, int from, double[] mean, int count) {
      if (from == 0) {
        pieces = move.slice(slice);
      }
      long first = form.from(slice) + from;
      start.floats(first, count).get(elements, 0, count);
      pieces.move(first, elements, mean, count, moved);
      result.floats(first, count).put(moved, 0, count);
      if (from + count == form.count(slice)) {
        synchronized (done) {
          done.set(slice);
        }
      }
    }
  }
}
