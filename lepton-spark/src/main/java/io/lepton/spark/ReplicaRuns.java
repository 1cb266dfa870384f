package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.spark.averaging.Averaging;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.exchange.SideBySide;
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
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The replicas of one round: they run, those that went astray are left out, and those whose deltas
 * are lost before they are folded run again. One thread.
 */
final class ReplicaRuns {
  private final ShardSet training;
  private final RoundInput input;
  private final TreeMap<Integer, ReplicaUpdate> updates = new TreeMap<>();
  private final TreeMap<Integer, String> leftOut = new TreeMap<>();
  private final int foldWidth;
  private final int foldThreads;
  private FoldTree tree;

  /**
   * Those of a round that begins.
   *
   * @param foldWidth of which no fold has more deltas
   * @param foldThreads of the driver that fold, as {@link Averaging} says
   */
  ReplicaRuns(ShardSet training, RoundInput input, int foldWidth, int foldThreads) {
    this.training = training;
    this.input = input;
    this.foldWidth = foldWidth;
    this.foldThreads =
        foldThreads == Averaging.AUTO
            ? SideBySide.threads(Averaging.MOST_FOLD_THREADS)
            : foldThreads;
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

  /** Bytes that the driver fetches in a {@link #fold}; 0 before. */
  long driverBytes() {
    return tree == null ? 0 : tree.driverBytes();
  }

  /** Seconds of a {@link #fold} until the driver had what it folds. */
  double treeSeconds() {
    return tree.treeSeconds();
  }

  /** Threads of the driver that fold. */
  int foldThreads() {
    return Math.max(1, Math.min(foldThreads, input.form().slices()));
  }

  /**
   * The parameters they started from, moved by the mean of their deltas.
   *
   * @param result that becomes them and is returned
   * @throws FetchException if deltas are lost as often as Spark lets a task fail
   */
  FlatVector fold(FlatVector start, FlatVector result, MeanMove move) {
    tree =
        new FoldTree(
            JavaSparkContext.fromSparkContext(training.shards().context()),
            input.parameters().scope(),
            input.form(),
            foldWidth,
            foldThreads,
            parts(updates.keySet()),
            this::again);
    return tree.run(start, result, move);
  }

  private SortedMap<Integer, DeltaFold.Part> parts(Collection<Integer> replicas) {
    TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
    for (int replica : replicas) {
      ReplicaUpdate update = updates.get(replica);
      parts.put(
          replica,
          leftOut.containsKey(replica)
              ? new DeltaFold.Part(null, 0, 0)
              : new DeltaFold.Part(
                  update.delta(), update.checksum(), update.outcome().sums().weight()));
    }
    return parts;
  }

  private SortedMap<Integer, DeltaFold.Part> again(Collection<Integer> replicas) {
    run(replicas.stream().map(training.partitions()::get).toList());
    return parts(replicas);
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
