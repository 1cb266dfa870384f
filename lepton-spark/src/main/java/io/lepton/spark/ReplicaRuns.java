package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.ingest.ShardSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;

/**
 * The replicas of one round: they run, and those whose deltas are lost before they are folded run
 * again. One thread.
 */
final class ReplicaRuns {
  private final ShardSet training;
  private final RoundInput input;
  private final TreeMap<Integer, ReplicaUpdate> updates = new TreeMap<>();

  ReplicaRuns(ShardSet training, RoundInput input) {
    this.training = training;
    this.input = input;
  }

  /**
   * Runs all replicas.
   *
   * @return what each saw
   * @throws DivergenceException if it is not finite
   */
  SortedMap<Integer, ReplicaUpdate> run() {
    run(training.partitions());
    return updates;
  }

  /**
   * The parameters they started from, moved by the mean of their deltas; a new vector.
   *
   * @throws FetchException if deltas are lost as often as Spark lets a task fail
   */
  FlatVector fold(FlatVector start) {
    TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
    updates.forEach((replica, update) -> parts.put(replica, update.part()));
    DeltaFold fold = new DeltaFold(start, parts);
    int failures = SparkEnv.get().conf().getInt("spark.task.maxFailures", 4);
    for (int failed = 1; ; failed++) {
      try {
        return fold.run();
      } catch (FetchException e) {
        if (failed == failures || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        again(e.address().executor()).forEach((replica, part) -> fold.replace(replica, part));
      }
    }
  }

  /** Runs the replicas again whose deltas an executor should have. */
  private SortedMap<Integer, DeltaFold.Part> again(String executor) {
    List<Integer> lost =
        updates.entrySet().stream()
            .filter(entry -> entry.getValue().delta() != null)
            .filter(entry -> entry.getValue().delta().executor().equals(executor))
            .map(entry -> entry.getKey())
            .toList();
    run(lost.stream().map(training.partitions()::get).toList());
    TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
    lost.forEach(replica -> parts.put(replica, updates.get(replica).part()));
    return parts;
  }

  private void run(List<Integer> partitions) {
    int first = training.partitions().get(0);
    RoundInput sent = input;
    Jobs.run(
        training.shards(),
        partitions,
        (context, shards) ->
            ReplicaTask.train(context, shards, context.partitionId() - first, sent),
        (place, update) -> updates.put(partitions.get(place) - first, update));
    updates.forEach(
        (replica, update) -> {
          if (!update.outcome().finite()) {
            throw new DivergenceException(replica, input, update.outcome().sums().loss());
          }
        });
  }
}
