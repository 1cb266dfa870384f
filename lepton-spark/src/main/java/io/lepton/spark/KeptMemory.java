package io.lepton.spark;

import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.BlockScope;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BlockManagerId;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Where replicas have what they keep between rounds. It stays in the process that ran them, as
 * blocks; a replica that runs elsewhere fetches it, and it is gone with its process. One thread.
 */
final class KeptMemory implements AutoCloseable {
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
