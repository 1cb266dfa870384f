package io.lepton.spark.checkpoint;

import io.lepton.arrow.FlatVector;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A training between two rounds.
 *
 * @param round rounds so far
 * @param score what it is worth on the validation set, larger for better; NaN where it was not
 *     evaluated
 * @param documents texts by name
 * @param vectors by name, not changed any more; one that has several names is written once
 * @param distant vectors that are elsewhere
 */
public record Checkpoint(
    int round,
    double score,
    Map<String, String> documents,
    Map<String, FlatVector> vectors,
    DistantVectors distant) {
  private static final String NAME = "[a-z0-9][a-z0-9.-]*";

  public Checkpoint {
    documents = Collections.unmodifiableMap(new LinkedHashMap<>(documents));
    vectors = Collections.unmodifiableMap(new LinkedHashMap<>(vectors));
    documents.keySet().forEach(Checkpoint::requireName);
    vectors.keySet().forEach(Checkpoint::requireName);
    distant.sources().keySet().forEach(Checkpoint::requireName);
  }

  /** All vectors of which are in this process. */
  public Checkpoint(
      int round, double score, Map<String, String> documents, Map<String, FlatVector> vectors) {
    this(round, score, documents, vectors, DistantVectors.NONE);
  }

  /** The name of its directory, as {@code checkpoint-00000012}. */
  public String name() {
    return name(round);
  }

  static String name(int round) {
    return "checkpoint-%08d".formatted(round);
  }

  /**
   * A document that must be there.
   *
   * @throws CheckpointException if it is not
   */
  public String document(String name) {
    return required(documents, name);
  }

  /**
   * A vector that must be there.
   *
   * @throws CheckpointException if it is not, or of another size
   */
  public FlatVector vector(String name, long size) {
    return sized(name, required(vectors, name), size);
  }

  /**
   * One of the vectors, which must have a size.
   *
   * @throws CheckpointException if it has not
   */
  public FlatVector sized(String name, FlatVector vector, long size) {
    if (vector.size() != size) {
      throw new CheckpointException(
          "%s must have %d elements of '%s', but has %d: it is of another model; set another checkpoints.directory"
              .formatted(name(), size, name, vector.size()));
    }
    return vector;
  }

  private <T> T required(Map<String, T> all, String name) {
    T value = all.get(name);
    if (value == null) {
      throw new CheckpointException(
          "%s must have '%s', but has only %s: it is of another training; set another checkpoints.directory"
              .formatted(name(), name, all.keySet()));
    }
    return value;
  }

  private static void requireName(String name) {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "a name in a checkpoint must match %s, but was: %s".formatted(NAME, name));
    }
  }
}
