package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.Movement;
import io.lepton.spark.averaging.OuterStep;
import io.lepton.spark.averaging.WeightRanges;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.tf.TrainingProgram;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters between rounds, and all that changes them on the driver. Vectors are replaced by
 * rounds, never changed. One thread.
 */
final class AveragedModel implements MeanMove {
  private static final String PARAMETERS = "parameters";
  private static final String AVERAGE = "average";
  private static final String OUTER = "outer/";

  private final WeightRanges weights;
  private final OuterStep outer;
  private final Optional<WeightAverage> average;
  private final long size;
  private FlatVector parameters;
  private FlatVector before;
  private Movement.Gatherer gatherer = new Movement.Gatherer();

  AveragedModel(TrainingOptions options, TrainingProgram program, FlatVector initial) {
    this.weights = WeightRanges.of(program.variables());
    this.outer = new OuterStep(options.averaging().outer(), weights, initial.size());
    this.average = options.ema().map(ema -> new WeightAverage(ema, program, initial));
    this.size = program.vectorSize();
    this.parameters = initial;
    this.before = initial;
  }

  /** What replicas start from. */
  FlatVector parameters() {
    return parameters;
  }

  /** What is evaluated and saved: averaged over rounds too if that is wanted. */
  FlatVector evaluated() {
    return average.map(it -> it.applyTo(parameters)).orElse(parameters);
  }

  /**
   * Moves the parameters by what replicas did in a round of a number of steps.
   *
   * @throws io.lepton.spark.exchange.FetchException if it cannot be had; then nothing changed
   */
  Movement move(ReplicaRuns runs, long steps) {
    FlatVector next = runs.fold(parameters, this);
    runs.norms(gatherer::replica);
    outer.commit();
    before = parameters;
    parameters = next;
    average.ifPresent(it -> it.add(parameters, steps));
    return gatherer.movement();
  }

  @Override
  public void begin() {
    outer.begin();
    gatherer = new Movement.Gatherer();
  }

  @Override
  public void move(FlatVector start, double[] mean, int from, int count, FlatVector result) {
    weights.within(
        from,
        from + count,
        (first, end) -> {
          for (int i = first; i < end; i++) {
            gatherer.element(mean[i - from], start.get(i) - before.get(i));
          }
        });
    outer.apply(start, mean, from, count, result);
  }

  /** All of it, by name. */
  Map<String, FlatVector> vectors() {
    Map<String, FlatVector> vectors = new LinkedHashMap<>();
    vectors.put(PARAMETERS, parameters);
    average.ifPresent(it -> vectors.put(AVERAGE, it.state()));
    outer.state().forEach((name, vector) -> vectors.put(OUTER + name, vector));
    return vectors;
  }

  /** Bytes that {@link #vectors} copies. */
  long copiedForVectors() {
    return average.map(it -> it.stateSize() * Float.BYTES).orElse(0L);
  }

  /** Goes on from the {@link #vectors} in a checkpoint. */
  void restore(Checkpoint checkpoint) {
    parameters = checkpoint.vector(PARAMETERS, size);
    before = parameters;
    average.ifPresent(it -> it.restore(checkpoint.vector(AVERAGE, it.stateSize())));
    Map<String, FlatVector> state = new TreeMap<>(outer.state());
    state.replaceAll((name, any) -> checkpoint.vector(OUTER + name, size));
    outer.restore(state, checkpoint.round());
  }
}
