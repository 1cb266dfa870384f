package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.checkpoint.Checkpoint;
import io.lepton.spark.checkpoint.DistantVectors;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.SliceStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Where replicas have what they keep between rounds. It stays in the process that ran them, as
 * blocks; a replica that runs elsewhere fetches it, and it is gone with its process. One thread.
 */
final class KeptMemory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptMemory.class);

  private final JavaSparkContext spark;
  private final KeptShape shape;
  private Map<Integer, Address> kept = Map.of();
  private BlockScope current;
  private BlockScope next;

  KeptMemory(JavaSparkContext spark, KeptShape shape) {
    this.spark = spark;
    this.shape = shape;
  }

  /** A round begins. */
  RoundMemory begin() {
    if (shape.isNothing()) {
      return RoundMemory.NONE;
    }
    next = new BlockScope(spark);
    Set<BlockManagerId> alive =
        CollectionConverters.asJava(SparkEnv.get().blockManager().master().getMemoryStatus())
            .keySet();
    Set<String> executors =
        alive.stream().map(BlockManagerId::executorId).collect(Collectors.toSet());
    Set<Integer> lost =
        kept.keySet().stream()
            .filter(replica -> !executors.contains(kept.get(replica).executor()))
            .collect(Collectors.toSet());
    return new RoundMemory(shape, next.id(), new HashMap<>(kept), lost);
  }

  /** The round ended; what those keep that do not count is forgotten, as their deltas are. */
  void end(ReplicaRuns runs, boolean undone) {
    if (shape.isNothing()) {
      return;
    }
    Map<Integer, Address> addresses = new HashMap<>();
    if (!undone) {
      runs.updates().forEach((replica, update) -> addresses.put(replica, update.kept()));
      addresses.keySet().removeAll(runs.leftOut().keySet());
      addresses.values().removeIf(Objects::isNull);
    }
    kept = addresses;
    close(current);
    current = next;
    next = null;
  }

  /** What they keep now, for a checkpoint: it stays until that is done with it. */
  DistantVectors distant() {
    if (kept.isEmpty()) {
      return DistantVectors.NONE;
    }
    Map<String, DistantVectors.Source> sources = new HashMap<>();
    kept.forEach(
        (replica, address) ->
            sources.put(DistantVectors.PREFIX + replica, () -> fetched(replica, address)));
    return new DistantVectors(sources, current.held()::close);
  }

  /** Goes on from what a checkpoint has of them; who is not in it begins. */
  void restore(Checkpoint checkpoint) {
    BlockScope scope = new BlockScope(spark);
    Map<Integer, Address> addresses = new HashMap<>();
    checkpoint
        .distant()
        .sources()
        .forEach(
            (name, source) -> {
              int replica = Integer.parseInt(name.substring(DistantVectors.PREFIX.length()));
              FlatVector vector = read(checkpoint, name, source);
              String field = RoundMemory.FIELD + replica;
              addresses.put(
                  replica,
                  Publisher.publish(scope.id(), field, Publisher.cut(vector, Publisher.SLICE)));
            });
    close(current);
    current = scope;
    kept = addresses;
  }

  private FlatVector read(Checkpoint checkpoint, String name, DistantVectors.Source source) {
    try {
      return checkpoint.sized(name, source.fetch().orElseThrow(), shape.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<FlatVector> fetched(int replica, Address address) {
    FlatVector vector = FlatVector.allocate(shape.size());
    try {
      SliceStream.read(address, vector);
      return Optional.of(vector);
    } catch (FetchException e) {
      LOG.warn("what replica {} keeps is in no checkpoint of this round", replica, e);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    close(current);
    close(next);
  }

  private static void close(BlockScope scope) {
    if (scope != null) {
      scope.close();
    }
  }
}
