package io.lepton.spark;

import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.checkpoint.CheckpointStore;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a training outlives its driver.
 *
 * @param store of its checkpoints; empty to write none
 * @param documents that each checkpoint holds beside the training's own, by name
 * @param start to go on from; empty to start at the beginning
 * @param stop to end it early
 */
public record Recovery(
    Optional<CheckpointStore> store,
    Map<String, String> documents,
    Optional<Checkpoint> start,
    StopRequest stop) {
  public Recovery {
    documents = Map.copyOf(documents);
  }

  /** Writes no checkpoints and starts at the beginning. */
  public static Recovery none(StopRequest stop) {
    return new Recovery(Optional.empty(), Map.of(), Optional.empty(), stop);
  }

  /** Replicas of the training that an earlier run began; empty at the beginning. */
  OptionalInt replicas() {
    return start
        .map(it -> TrainingState.read(it).replicas())
        .filter(it -> it > 0)
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** Rounds that an earlier run had trained; empty at the beginning. */
  public OptionalInt resumesFrom() {
    return start.map(it -> OptionalInt.of(it.round())).orElse(OptionalInt.empty());
  }
}
