package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.VectorPool;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.ArrivedSlice;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.Change;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SharedVector;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What replicas start from, and how it gets to them: the parameters as they are, or, with a codec,
 * a shadow that follows them. Each round adds to the shadow what separates it from the parameters,
 * coded; what the codec loses separates them still, so that the next round sends it. Every process
 * adds the same bytes with the same float32 sums, and one that lacks the shadow before fetches the
 * new one whole, so that bits depend on no process. One thread.
 */
final class Downlink {
  private static final String SHADOW = "shadow";
  private static final String FIELD = "change";

  private final DeltaForm form;
  private final long series;
  private final VectorPool pool = new VectorPool(1);
  private FlatVector shadow;
  private long base = Change.NO_BASE;

  /**
   * Before the first round.
   *
   * @param form of what is added in a round
   * @param series of the vectors
   */
  Downlink(DeltaForm form, long series, FlatVector parameters) {
    this.form = form;
    this.series = series;
    reset(parameters);
  }

  /** Publishes what the replicas of a round start from. */
  SharedVector publish(BlockScope scope, FlatVector parameters) {
    if (!codes()) {
      return SharedVector.publish(scope, series, parameters);
    }
    FlatVector next = pool.take(parameters.size());
    next.put(shadow);
    Address slices = Publisher.publish(scope.id(), FIELD, advance(parameters, next));
    CodedChange change = new CodedChange(form, slices, base);
    SharedVector shared = SharedVector.publish(scope, series, next, change);
    replace(next, scope.id());
    return shared;
  }

  /** The shadow becomes the parameters. No process has it. */
  void reset(FlatVector parameters) {
    if (codes()) {
      parameters.hold();
      replace(parameters, Change.NO_BASE);
    }
  }

  /** What a checkpoint needs, by name; not written to any more. */
  Map<String, FlatVector> vectors() {
    if (!codes()) {
      return Map.of();
    }
    shadow.hold();
    return Map.of(SHADOW, shadow);
  }

  /** Goes on from the {@link #vectors} in a checkpoint. */
  void restore(Checkpoint checkpoint) {
    if (codes()) {
      replace(checkpoint.vector(SHADOW, shadow.size()), Change.NO_BASE);
    }
  }

  private boolean codes() {
    return form.codec() != DeltaCodec.FLOAT32;
  }

  private void replace(FlatVector next, long scope) {
    if (shadow != null) {
      shadow.letGo();
    }
    shadow = next;
    base = scope;
  }

  /** Moves the shadow towards the parameters by what is returned. */
  private List<ByteBuffer> advance(FlatVector parameters, FlatVector moved) {
    SliceReader reader = new SliceReader(form.codec());
    FlatVector apart = FlatVector.allocate(Math.min(form.size(), form.slice()));
    List<ByteBuffer> slices = new ArrayList<>();
    for (int index = 0; index < form.slices(); index++) {
      int count = form.count(index);
      FloatBuffer to = parameters.floats(form.from(index), count);
      FloatBuffer from = moved.floats(form.from(index), count);
      FloatBuffer way = apart.floats();
      for (int i = 0; i < count; i++) {
        way.put(i, to.get(i) - from.get(i));
      }
      ByteBuffer slice = form.encode(apart.part(0, count));
      try (ArrivedSlice same = ArrivedSlice.of(slice.duplicate())) {
        form.add(reader, same, index, moved);
      }
      slices.add(slice);
    }
    return slices;
  }
}
