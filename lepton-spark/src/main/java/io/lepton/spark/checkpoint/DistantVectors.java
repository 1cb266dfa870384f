package io.lepton.spark.checkpoint;

import io.lepton.arrow.FlatVector;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Vectors of a checkpoint that are not in this process, and of which one at a time is brought here:
 * what replicas keep where they run.
 *
 * @param sources by name, each {@link #PREFIX} and the replica's number
 * @param done to run once, when they are not needed any more
 */
public record DistantVectors(Map<String, Source> sources, Runnable done) {
  public static final String PREFIX = "replica.";

  public static final DistantVectors NONE = new DistantVectors(Map.of(), () -> {});

  /** Where a vector is. */
  @FunctionalInterface
  public interface Source {
    /**
     * Brings it here.
     *
     * @return empty if it is gone with the process that had it
     */
    Optional<FlatVector> fetch() throws IOException;
  }

  public DistantVectors {
    sources = Collections.unmodifiableMap(new TreeMap<>(sources));
  }
}
