package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.VectorPool;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.averaging.Movement;
import io.lepton.spark.averaging.OuterStep;
import io.lepton.spark.averaging.WeightRanges;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.tf.TrainingProgram;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The parameters between rounds, and all that changes them on the driver. Vectors are replaced by
 * rounds; one that two rounds have replaced is written to again, unless it was handed out by {@link
 * #evaluated} or {@link #vectors} or is still published. So there are three during a fold. One
 * thread, but for what moves slices.
 */
final class AveragedModel implements MeanMove {
  private static final String GOOD = "good.";

  private final WeightRanges weights;
  private final OuterStep outer;
  private final Optional<WeightAverage> average;
  private final boolean goesBack;
  private final VectorPool replaced = new VectorPool(1);
  private final ConcurrentSkipListMap<Integer, Movement.Sums> moved = new ConcurrentSkipListMap<>();
  private final LongAdder moveNanos = new LongAdder();
  private FlatVector parameters;
  private FlatVector before;
  private FoldSeconds took = FoldSeconds.NONE;
  private ModelState good;

  AveragedModel(TrainingOptions options, TrainingProgram program, FlatVector initial) {
    this.weights = WeightRanges.of(program.variables());
    this.outer = new OuterStep(options.averaging().outer(), weights, initial.size());
    this.average = options.ema().map(ema -> new WeightAverage(ema, program, initial));
    this.goesBack = options.averaging().rollback().isPossible();
    this.parameters = initial;
    this.before = initial;
    this.good = goesBack ? state() : null;
  }

  /** What replicas start from; good until two rounds have replaced it. */
  FlatVector parameters() {
    return parameters;
  }

  /** What is evaluated and saved: averaged over rounds too if that is wanted. */
  FlatVector evaluated() {
    return average.map(it -> it.applyTo(parameters)).orElseGet(() -> handedOut(parameters));
  }

  /**
   * Moves the parameters by what replicas did in a round of a number of steps.
   *
   * @throws io.lepton.spark.exchange.FetchException if it cannot be had; then nothing changed
   */
  Movement move(ReplicaRuns runs, long steps) {
    long start = System.nanoTime();
    FlatVector next = runs.fold(parameters, replaced.take(parameters.size()), this);
    took =
        new FoldSeconds(
            (System.nanoTime() - start) / 1e9,
            runs.treeSeconds(),
            moveNanos.sum() / 1e9 / runs.foldThreads());
    Movement.Gatherer gatherer = new Movement.Gatherer();
    moved.values().forEach(gatherer::elements);
    runs.norms(gatherer::replica);
    good = goesBack ? state() : null;
    outer.commit();
    if (before != parameters) {
      before.letGo();
    }
    before = parameters;
    parameters = next;
    average.ifPresent(it -> it.add(parameters, steps));
    return gatherer.movement();
  }

  @Override
  public void begin() {
    outer.begin();
    moveNanos.reset();
    moved.clear();
  }

  @Override
  public Pieces slice(int index) {
    Pieces step = outer.slice(index);
    Movement.Sums sums = new Movement.Sums();
    float[] earlier = new float[PIECE];
    moved.put(index, sums);
    return (from, start, mean, count, result) -> {
      long began = System.nanoTime();
      weights.within(
          from,
          from + count,
          (first, end) -> {
            int at = (int) (first - from);
            int some = (int) (end - first);
            before.floats(first, some).get(earlier, at, some);
            sums.add(mean, start, earlier, at, some);
          });
      step.move(from, start, mean, count, result);
      moveNanos.add(System.nanoTime() - began);
    };
  }

  /** What the last {@link #move} took. */
  FoldSeconds took() {
    return took;
  }

  /** Goes back to where the last round that moved the parameters started. */
  void rollBack() {
    restore(good);
  }

  /** All of it, by name. */
  Map<String, FlatVector> vectors() {
    Map<String, FlatVector> vectors = state().vectors("");
    if (goesBack) {
      vectors.putAll(good.vectors(GOOD));
    }
    handedOut(parameters);
    if (goesBack) {
      handedOut(good.parameters());
    }
    return vectors;
  }

  /** Nobody says when it is read no longer, so that it is never used again. */
  private static FlatVector handedOut(FlatVector vector) {
    vector.hold();
    return vector;
  }

  /** Bytes that {@link #vectors} copies. */
  long copiedForVectors() {
    return average.map(it -> it.stateSize() * Float.BYTES).orElse(0L);
  }

  /** Goes on from the {@link #vectors} in a checkpoint. */
  void restore(Checkpoint checkpoint) {
    restore(state().in(checkpoint, ""));
    if (goesBack) {
      good = state().in(checkpoint, GOOD);
    }
  }

  private ModelState state() {
    return new ModelState(parameters, outer.state(), average.map(WeightAverage::state));
  }

  private void restore(ModelState state) {
    parameters = state.parameters();
    before = parameters;
    outer.restore(state.outer());
    average.ifPresent(it -> it.restore(state.average().orElseThrow()));
  }
}
