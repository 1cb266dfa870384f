package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.ingest.ShardSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkEnv;

/**
 * The replicas of one round: they run, those that went astray are left out, and those whose deltas
 * are lost before they are folded run again. One thread.
 */
final class ReplicaRuns {
  private final ShardSet training;
  private final RoundInput input;
  private final TreeMap<Integer, ReplicaUpdate> updates = new TreeMap<>();
  private final TreeMap<Integer, String> leftOut = new TreeMap<>();

  ReplicaRuns(ShardSet training, RoundInput input) {
    this.training = training;
    this.input = input;
  }

  /** Runs all replicas. */
  void run() {
    run(training.partitions());
    leftOut.putAll(Outliers.among(updates));
  }

  /** Whether all went astray. */
  boolean noneCounts() {
    return leftOut.size() == updates.size();
  }

  /**
   * Refuses a round in which all went astray.
   *
   * @throws DivergenceException that tells of the first
   */
  void requireOne() {
    if (noneCounts()) {
      int replica = leftOut.firstKey();
      throw new DivergenceException(replica, input, updates.get(replica).outcome());
    }
  }

  /** What all replicas sent, by their number; it changes with those that run again. */
  SortedMap<Integer, ReplicaUpdate> updates() {
    return Collections.unmodifiableSortedMap(updates);
  }

  /** What those sent that take part in the average. */
  Collection<ReplicaUpdate> counted() {
    return updates.entrySet().stream()
        .filter(entry -> !leftOut.containsKey(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Why replicas do not take part, by their number. */
  SortedMap<Integer, String> leftOut() {
    return leftOut;
  }

  /** Something that all replicas saw that took steps, by their number. */
  SortedMap<Integer, Double> all(ToDoubleFunction<ReplicaUpdate.Outcome> what) {
    TreeMap<Integer, Double> values = new TreeMap<>();
    updates.forEach(
        (replica, update) -> {
          if (update.delta() != null) {
            values.put(replica, what.applyAsDouble(update.outcome()));
          }
        });
    return values;
  }

  /** Replicas that lost what they had kept. */
  int memoryLost() {
    return (int) updates.values().stream().filter(it -> it.outcome().memoryLost()).count();
  }

  /** Bytes of the deltas that are folded. */
  long bytes() {
    return counted().stream()
        .map(ReplicaUpdate::delta)
        .filter(Objects::nonNull)
        .mapToLong(Address::bytes)
        .sum();
  }

  /** The squared norm of each delta that is folded, with its weight. */
  void norms(BiConsumer<Double, Double> take) {
    updates.forEach(
        (replica, update) -> {
          if (update.delta() != null && !leftOut.containsKey(replica)) {
            take.accept(update.outcome().sums().weight(), update.outcome().squaredNorm());
          }
        });
  }

  /**
   * The parameters they started from, moved by the mean of their deltas.
   *
   * @param result that becomes them and is returned
   * @throws FetchException if deltas are lost as often as Spark lets a task fail
   */
  FlatVector fold(FlatVector start, FlatVector result, MeanMove move) {
    TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
    updates.forEach((replica, update) -> parts.put(replica, part(replica)));
    DeltaFold fold = new DeltaFold(start, result, parts, input.form(), move);
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

  private DeltaFold.Part part(int replica) {
    ReplicaUpdate update = updates.get(replica);
    return leftOut.containsKey(replica)
        ? new DeltaFold.Part(null, 0, 0)
        : new DeltaFold.Part(update.delta(), update.checksum(), update.outcome().sums().weight());
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
    lost.forEach(replica -> parts.put(replica, part(replica)));
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
  }
}
