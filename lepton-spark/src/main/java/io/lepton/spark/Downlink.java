package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.VectorPool;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.exchange.ArrivedSlice;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.Change;
import io.lepton.spark.exchange.SharedSlices;
import io.lepton.spark.exchange.SharedVector;
import io.lepton.spark.exchange.SideBySide;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
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
  private static final int PIECE = 4096;

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
    SharedSlices slices = SharedSlices.publish(scope, FIELD, advance(parameters, next));
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

  /**
   * Makes the shadow that is to come: this one moved towards the parameters by what is returned.
   */
  private List<ByteBuffer> advance(FlatVector parameters, FlatVector moved) {
    long rest = moved.size() - form.size();
    moved.part(form.size(), rest).put(shadow.part(form.size(), rest));
    ByteBuffer[] slices = new ByteBuffer[form.slices()];
    int threads = SideBySide.threads(slices.length);
    SideBySide.run(
        "shadow",
        threads,
        thread -> {
          Advance advance = new Advance(parameters, moved);
          for (int index = thread; index < slices.length; index += threads) {
            slices[index] = advance.slice(index);
          }
        });
    return List.of(slices);
  }

  /** What a thread does. */
  private final class Advance {
    private final FlatVector parameters;
    private final FlatVector moved;
    private final SliceReader reader = new SliceReader(form.codec());
    private final FlatVector apart = FlatVector.allocate(Math.min(form.size(), form.slice()));
    private final float[] to = new float[PIECE];
    private final float[] from = new float[PIECE];

    Advance(FlatVector parameters, FlatVector moved) {
      this.parameters = parameters;
      this.moved = moved;
    }

    ByteBuffer slice(int index) {
      long first = form.from(index);
      int count = form.count(index);
      moved.part(first, count).put(shadow.part(first, count));
      subtract(parameters.floats(first, count), moved.floats(first, count), apart.floats());
      ByteBuffer slice = form.encode(apart.part(0, count));
      try (ArrivedSlice same = ArrivedSlice.of(slice.duplicate())) {
        form.add(reader, same, index, moved);
      }
      return slice;
    }

    private void subtract(FloatBuffer goal, FloatBuffer start, FloatBuffer way) {
      for (int at = 0; at < goal.limit(); at += PIECE) {
        int some = Math.min(PIECE, goal.limit() - at);
        goal.get(at, to, 0, some);
        start.get(at, from, 0, some);
        for (int i = 0; i < some; i++) {
          to[i] -= from[i];
        }
        way.put(at, to, 0, some);
      }
    }
  }
}
