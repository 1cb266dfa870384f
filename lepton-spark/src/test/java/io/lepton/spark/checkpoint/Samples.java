package io.lepton.spark.checkpoint;

import io.lepton.arrow.FlatVector;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Small checkpoints. */
final class Samples {
  static final int SIZE = 300_000;

  private Samples() {}

  static CheckpointOptions options(Path directory, int keepLast, int keepBest) {
    return options(directory.toString(), keepLast, keepBest);
  }

  static CheckpointOptions options(String directory, int keepLast, int keepBest) {
    return new CheckpointOptions(
        directory, OptionalInt.empty(), Optional.empty(), keepLast, keepBest);
  }

  /** A vector larger than a piece, whose elements tell the round. */
  static FlatVector vector(int round) {
    FlatVector vector = FlatVector.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      vector.set(i, round + i / 7f);
    }
    return vector;
  }

  static Checkpoint checkpoint(int round, double score) {
    FlatVector small = FlatVector.allocate(3);
    small.set(0, Float.NaN);
    small.set(1, -0f);
    small.set(2, round);
    return new Checkpoint(
        round,
        score,
        Map.of("state.json", "{\"round\": %d}".formatted(round)),
        Map.of("parameters", vector(round), "residual.3", small));
  }
}
