package io.lepton.spark;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.DeltaFold.Part;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.exchange.FetchException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The fold of a round: on the driver alone, or first on executors as {@link FoldLevels} say, so
 * that the driver gets few means instead of many deltas. What is lost on the way is made again, and
 * of what was made of it only that which is lost too or is not the same any more. One thread.
 */
final class FoldTree {
  private final JavaSparkContext spark;
  private final long scope;
  private final DeltaForm form;
  private final FoldLevels levels;
  private final Deltas deltas;
  private final List<TreeMap<Integer, Part>> parts = new ArrayList<>();
  private final List<TreeSet<Integer>> lost = new ArrayList<>();
  private final int threads;
  private long treeNanos;

  /** Makes deltas again. */
  @FunctionalInterface
  interface Deltas {
    /** Those of some replicas, by their number. */
    SortedMap<Integer, Part> again(Collection<Integer> replicas);
  }

  /**
   * A fold of deltas.
   *
   * @param scope whose end removes what executors fold
   * @param form in which deltas come
   * @param width of which no fold has more
   * @param threads of the driver that fold at most
   * @param all of each replica from 0, those that do not count among them
   * @param deltas for those that are lost
   */
  FoldTree(
      JavaSparkContext spark,
      long scope,
      DeltaForm form,
      int width,
      int threads,
      SortedMap<Integer, Part> all,
      Deltas deltas) {
    this.spark = spark;
    this.scope = scope;
    this.form = form;
    this.levels = FoldLevels.of(all.size(), width);
    this.deltas = deltas;
    this.threads = threads;
    for (int level = 0; level <= levels.top(); level++) {
      parts.add(new TreeMap<>());
      lost.add(new TreeSet<>(IntStream.range(0, levels.size(level)).boxed().toList()));
    }
    parts.get(0).putAll(all);
    lost.get(0).clear();
  }

  /**
   * The start moved by the mean of the deltas, in the result.
   *
   * @throws FetchException if something is lost as often as Spark lets a task fail, and no slice
   *     was folded in between
   */
  FlatVector run(FlatVector start, FlatVector result, MeanMove move) {
    DeltaFold top = null;
    int failures = SparkEnv.get().conf().getInt("spark.task.maxFailures", 4);
    int failed = 0;
    for (int most = 0; ; ) {
      try {
        complete();
        if (top == null) {
          top =
              new DeltaFold(
                  start, result, parts.get(levels.top()), form(levels.top()), move, threads);
        } else {
          parts.get(levels.top()).forEach(top::replace);
        }
        return top.run();
      } catch (FetchException e) {
        int done = top == null ? 0 : top.done();
        failed = done > most ? 1 : failed + 1;
        most = Math.max(most, done);
        if (failed >= failures || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        lose(e.address().executor());
        loseDead();
      }
    }
  }

  /** Seconds of {@link #run} until the driver had what it folds. */
  double treeSeconds() {
    return treeNanos / 1e9;
  }

  /** What the driver folds. */
  SortedMap<Integer, Part> top() {
    return Collections.unmodifiableSortedMap(parts.get(levels.top()));
  }

  /** Bytes that the driver fetches. */
  long driverBytes() {
    return top().values().stream()
        .filter(Part::counts)
        .mapToLong(part -> part.delta().bytes())
        .sum();
  }

  /** Has all that the driver folds, and makes nothing that nobody needs. */
  private void complete() {
    List<SortedSet<Integer>> needed = needed();
    if (needed.stream().allMatch(level -> level.isEmpty())) {
      return;
    }
    long began = System.nanoTime();
    try {
      if (!needed.get(0).isEmpty()) {
        deltas.again(List.copyOf(needed.get(0))).forEach((replica, part) -> put(0, replica, part));
      }
      for (int level = 1; level <= levels.top(); level++) {
        fold(level, needed.get(level));
      }
    } finally {
      treeNanos += System.nanoTime() - began;
    }
  }

  /**
   * Of each level what is lost and has a use: what is folded to something that is lost too. So no
   * mean stays of a delta that is made again.
   */
  private List<SortedSet<Integer>> needed() {
    List<SortedSet<Integer>> needed = new ArrayList<>(lost);
    needed.set(levels.top(), new TreeSet<>(lost.get(levels.top())));
    for (int level = levels.top() - 1; level >= 0; level--) {
      TreeSet<Integer> some = new TreeSet<>();
      for (int index : needed.get(level + 1)) {
        int end = levels.first(level + 1, index + 1);
        some.addAll(lost.get(level).subSet(levels.first(level + 1, index), end));
      }
      needed.set(level, some);
    }
    return needed;
  }

  private void fold(int level, Collection<Integer> indices) {
    List<Integer> places = new ArrayList<>();
    List<FoldGroup> groups = new ArrayList<>();
    for (int index : indices) {
      FoldGroup group = group(level, index);
      if (group.parts().isEmpty()) {
        put(level, index, new Part(null, 0, 0));
      } else {
        places.add(index);
        groups.add(group);
      }
    }
    if (groups.isEmpty()) {
      return;
    }
    SortedMap<Integer, FoldAnswer> answers = run(groups);
    answers.forEach(
        (place, answer) -> {
          if (answer.missing() == null) {
            double weight = groups.get(place).weight();
            put(level, places.get(place), new Part(answer.mean(), answer.checksum(), weight));
          }
        });
    refuseMissing(answers.values());
  }

  private SortedMap<Integer, FoldAnswer> run(List<FoldGroup> groups) {
    JavaRDD<FoldGroup> rdd = spark.parallelize(groups, groups.size());
    TreeMap<Integer, FoldAnswer> answers = new TreeMap<>();
    Jobs.run(
        rdd,
        IntStream.range(0, groups.size()).boxed().toList(),
        (context, group) -> FoldTask.run(context, group.next()),
        answers::put);
    return answers;
  }

  /** Everyone who was missed is known to be lost, not only the one that is named. */
  private void refuseMissing(Collection<FoldAnswer> answers) {
    List<FoldAnswer> missing = answers.stream().filter(it -> it.missing() != null).toList();
    missing.forEach(answer -> lose(answer.missing().executor()));
    if (!missing.isEmpty()) {
      throw new FetchException(missing.get(0).missing(), missing.get(0).why());
    }
  }

  private FoldGroup group(int level, int index) {
    List<Part> counting =
        parts
            .get(level - 1)
            .subMap(levels.first(level, index), levels.first(level, index + 1))
            .values()
            .stream()
            .filter(Part::counts)
            .toList();
    return new FoldGroup(scope, "mean_l%d_g%d".formatted(level, index), form(level - 1), counting);
  }

  private void put(int level, int index, Part part) {
    parts.get(level).put(index, part);
    lost.get(level).remove(index);
  }

  /** Who has gone meanwhile is known to Spark, and need not be missed one by one. */
  private void loseDead() {
    Set<String> alive = new HashSet<>();
    CollectionConverters.asJava(SparkEnv.get().blockManager().master().getMemoryStatus())
        .keySet()
        .forEach(id -> alive.add(id.executorId()));
    parts.stream()
        .flatMap(level -> level.values().stream())
        .filter(Part::counts)
        .map(part -> part.delta().executor())
        .filter(executor -> !alive.contains(executor))
        .distinct()
        .toList()
        .forEach(this::lose);
  }

  private void lose(String executor) {
    for (int level = 0; level <= levels.top(); level++) {
      TreeSet<Integer> gone = lost.get(level);
      parts
          .get(level)
          .forEach(
              (index, part) -> {
                if (part.counts() && part.delta().executor().equals(executor)) {
                  gone.add(index);
                }
              });
    }
  }

  /** In which what a level has comes: means as they are, in as many slices as deltas. */
  private DeltaForm form(int level) {
    return level == 0 ? form : new DeltaForm(DeltaCodec.FLOAT32, false, form.size(), form.slice());
  }
}
