package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.lepton.arrow.FlatVector;
import io.lepton.arrow.codec.DeltaCodec;
import io.lepton.spark.averaging.MeanMove;
import io.lepton.spark.averaging.OuterOptimizer;
import io.lepton.spark.averaging.OuterStep;
import io.lepton.spark.averaging.WeightRanges;
import io.lepton.spark.exchange.Address;
import io.lepton.spark.exchange.BlockScope;
import io.lepton.spark.exchange.FetchException;
import io.lepton.spark.exchange.Publisher;
import io.lepton.spark.exchange.Tasks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BroadcastBlockId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deltas that the driver has, folded by whoever the cluster has. */
class FoldTreeTest {
  private static final int SIZE = 10_033;
  private static final int SLICE = 4_000;
  private static final DeltaForm FORM = new DeltaForm(DeltaCodec.FLOAT32, false, SIZE, SLICE);

  private final FlatVector start = Vectors.scattered(SIZE, 0);
  private final TreeMap<Integer, FlatVector> deltas = new TreeMap<>();
  private final TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
  private final List<Collection<Integer>> again = new ArrayList<>();
  private JavaSparkContext spark;
  private BlockScope scope;
  private int published;

  @AfterEach
  void nothingIsLeft() {
    scope.close();
    Tasks.awaitNoBlocks(scope.id());
  }

  @Test
  void theMeanOfMeansIsTheMean() {
    open(Cluster.local());
    addAll(37, 1);
    FoldTree tree = tree(FORM, 4);

    FlatVector moved = run(tree);

    assertThat(tree.top()).hasSize(3);
    double weight = parts.values().stream().mapToDouble(DeltaFold.Part::weight).sum();
    for (int i = 0; i < SIZE; i++) {
      double sum = 0;
      double largest = 0;
      for (int replica : deltas.keySet()) {
        double share = parts.get(replica).weight() * deltas.get(replica).get(i);
        sum += share;
        largest = Math.max(largest, Math.abs(deltas.get(replica).get(i)));
      }
      double expected = start.get(i) + sum / weight;
      assertThat((double) moved.get(i))
          .isCloseTo(expected, within(2e-7 * (largest + Math.abs(expected))));
    }
  }

  @Test
  void bitsAreThoseOfPlainLoopsOnAnyCluster() {
    for (Supplier<SparkSession> cluster :
        List.<Supplier<SparkSession>>of(Cluster::local, Cluster::processes)) {
      open(cluster.get());
      addAll(37, 1);

      assertThat(run(tree(FORM, 4)).bytes()).isEqualTo(expected(4).bytes());
      nothingIsLeft();
    }
    open(Cluster.processes());
  }

  @Test
  void codedDeltasAreFoldedToMeansThatAreNotCoded() {
    open(Cluster.local());
    DeltaForm form = new DeltaForm(DeltaCodec.INT8, false, SIZE, 4096);
    for (int replica = 0; replica < 5; replica++) {
      List<ByteBuffer> slices = form.encode(Vectors.scattered(SIZE, replica), null);
      FlatVector read = FlatVector.allocate(SIZE);
      for (int slice = 0; slice < form.slices(); slice++) {
        form.codec().decode(slices.get(slice), read, form.from(slice), form.count(slice));
      }
      deltas.put(replica, read);
      publish(replica, slices, 1 + replica);
    }
    FoldTree tree = tree(form, 3);

    assertThat(run(tree).bytes()).isEqualTo(expected(3).bytes());
    assertThat(tree.driverBytes()).isEqualTo(2 * 4 * SIZE);
  }

  @Test
  void replicasThatDoNotCountAreInNoMeanAndGroupsOfThemAreNone() {
    open(Cluster.local());
    addAll(12, 1);
    for (int replica : List.of(1, 4, 5, 6, 7)) {
      parts.put(replica, new DeltaFold.Part(null, 0, 0));
      deltas.remove(replica);
    }
    FoldTree tree = tree(FORM, 4);

    assertThat(run(tree).bytes()).isEqualTo(expected(4).bytes());
    assertThat(tree.top().values().stream().filter(DeltaFold.Part::counts)).hasSize(2);
    assertThat(tree.driverBytes()).isEqualTo(2 * 4 * SIZE);
  }

  @Test
  void withoutAnyStepNothingMoves() {
    open(Cluster.local());
    for (int replica = 0; replica < 5; replica++) {
      parts.put(replica, new DeltaFold.Part(null, 0, 0));
    }

    assertThat(run(tree(FORM, 2)).bytes()).isEqualTo(start.bytes());
  }

  @Test
  void blocksThatNoDeltaMovedAreNotInMeansEither() {
    open(Cluster.local());
    for (int replica = 0; replica < 6; replica++) {
      FlatVector delta = FlatVector.allocate(SIZE);
      for (int i = 0; i < 40; i++) {
        delta.set(100 * replica + i, 1 + i);
      }
      deltas.put(replica, delta);
      publish(replica, FORM.encode(delta, null), 1 + replica);
    }
    FoldTree tree = tree(FORM, 3);

    assertThat(run(tree).bytes()).isEqualTo(expected(3).bytes());
    assertThat(tree.driverBytes()).isBetween(6 * 40 * 4L, 6 * 40 * 4 + 200L);
  }

  @Test
  void aDeltaThatIsGoneIsMadeAgainAndOnlyWhatIsFoldedOfItIsFoldedAgain() {
    open(Cluster.processes());
    addAll(12, 1);
    lose(parts.get(5).delta(), 1);

    assertThat(run(tree(FORM, 4)).bytes()).isEqualTo(expected(4).bytes());
    assertThat(again).containsExactly(List.of(4, 5, 6, 7));
  }

  @Test
  void aDeltaThatIsMadeAgainAndNotTheSameIsInNoMeanAsItWas() {
    open(Cluster.processes());
    addAll(12, 1);
    FoldTree tree =
        new FoldTree(spark, scope.id(), FORM, 4, 2, parts, replicas -> addAgain(replicas, 9));
    MeanMove losing =
        new Losing(
            tree,
            executor -> {
              parts.values().forEach(part -> lose(part.delta(), 0));
              kill(executor);
            });

    FlatVector moved = tree.run(start, FlatVector.allocate(SIZE), losing);

    assertThat(moved.bytes()).isEqualTo(expected(4).bytes());
    assertThat(again).hasSize(1).first().asInstanceOf(LIST).startsWith(0, 1, 2, 3);
  }

  @Test
  void aMeanThatIsLostIsFoldedAgainOfDeltasThatAreThere() {
    open(Cluster.processes());
    addAll(12, 1);
    FoldTree tree = tree(FORM, 3);
    Losing losing = new Losing(tree, FoldTreeTest.this::kill);

    assertThat(tree.run(start, FlatVector.allocate(SIZE), losing).bytes())
        .isEqualTo(expected(3).bytes());

    assertThat(again).isEmpty();
    losing.before.forEach(
        (index, part) -> {
          if (part.delta().executor().equals(losing.lost)) {
            assertThat(tree.top().get(index).delta().executor()).isNotEqualTo(losing.lost);
          } else {
            assertThat(tree.top().get(index)).isEqualTo(part);
          }
        });
  }

  @Test
  void deltasOfAllExecutorsThatHaveGoneAreMadeAgainTogether() {
    open(Cluster.processes());
    long id = scope.id();
    for (int replica = 0; replica < 6; replica++) {
      deltas.put(replica, Vectors.scattered(SIZE, 100 + replica));
    }
    List<Address> there =
        Tasks.run(
            spark,
            6,
            (context, none) -> {
              int replica = context.partitionId();
              FlatVector delta = Vectors.scattered(SIZE, 100 + replica);
              return Publisher.publish(
                  id, "own_" + replica, Publisher.cut(delta, SLICE * Float.BYTES));
            });
    for (int replica = 0; replica < 6; replica++) {
      long checksum = DeltaForm.checksum(List.of(deltas.get(replica).bytes()));
      parts.put(replica, new DeltaFold.Part(there.get(replica), checksum, 1 + replica / 3.0));
    }
    List<String> executors = there.stream().map(Address::executor).distinct().toList();
    assertThat(executors).hasSize(2);
    List<Long> pids = executors.stream().map(it -> Tasks.pid(spark, it)).toList();
    pids.forEach(pid -> Tasks.signal(pid, "-KILL"));
    Deadline.await(
        Duration.ofSeconds(30),
        "both executors are known to be gone",
        () -> Collections.disjoint(Tasks.executors(), executors));

    assertThat(run(tree(FORM, 16)).bytes()).isEqualTo(expected(16).bytes());
    assertThat(again).containsExactly(List.of(0, 1, 2, 3, 4, 5));
  }

  @Test
  void aFoldThatComesToAnotherSliceEachTimeIsNotGivenUp() {
    open(Cluster.local());
    DeltaForm fine = new DeltaForm(DeltaCodec.FLOAT32, false, SIZE, 1024);
    addAll(2, 1, fine.slice());
    lose(parts.get(1).delta(), 1);
    FoldTree tree =
        new FoldTree(
            spark,
            scope.id(),
            fine,
            16,
            1,
            parts,
            replicas -> {
              again.add(replicas);
              addAll(2, 1, fine.slice());
              if (again.size() < 9) {
                lose(parts.get(1).delta(), 1 + again.size());
              }
              return parts;
            });

    assertThat(run(tree).bytes()).isEqualTo(expected(16).bytes());
    assertThat(again).hasSize(9);
  }

  @Test
  void aFoldThatComesToNothingMoreIsGivenUpAsATaskWouldBe() {
    open(Cluster.local());
    addAll(2, 1);
    lose(parts.get(1).delta(), 0);
    FoldTree tree =
        new FoldTree(
            spark,
            scope.id(),
            FORM,
            16,
            1,
            parts,
            replicas -> {
              addAgain(replicas, 1);
              lose(parts.get(1).delta(), 0);
              return parts;
            });

    assertThatThrownBy(() -> run(tree))
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("_s0, but failed");
    assertThat(again).hasSize(3);
  }

  private void open(SparkSession session) {
    spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    scope = new BlockScope(spark);
  }

  private FoldTree tree(DeltaForm form, int width) {
    return new FoldTree(
        spark, scope.id(), form, width, 2, parts, replicas -> addAgain(replicas, 1));
  }

  private FlatVector run(FoldTree tree) {
    return tree.run(start, FlatVector.allocate(SIZE), plain());
  }

  private static MeanMove plain() {
    return new OuterStep(OuterOptimizer.PLAIN, WeightRanges.of(List.of()), SIZE);
  }

  private void addAll(int replicas, int seed) {
    addAll(replicas, seed, SLICE);
  }

  private void addAll(int replicas, int seed, int slice) {
    for (int replica = 0; replica < replicas; replica++) {
      add(replica, seed, slice);
    }
  }

  private SortedMap<Integer, DeltaFold.Part> addAgain(Collection<Integer> replicas, int seed) {
    again.add(replicas);
    TreeMap<Integer, DeltaFold.Part> made = new TreeMap<>();
    for (int replica : replicas) {
      add(replica, seed);
      made.put(replica, parts.get(replica));
    }
    return made;
  }

  private void add(int replica, int seed) {
    add(replica, seed, SLICE);
  }

  private void add(int replica, int seed, int slice) {
    FlatVector delta = Vectors.scattered(SIZE, 100L * seed + replica);
    deltas.put(replica, delta);
    publish(replica, Publisher.cut(delta, slice * Float.BYTES), 1 + replica / 3.0);
  }

  private void publish(int replica, List<ByteBuffer> slices, double weight) {
    Address address = Publisher.publish(scope.id(), "delta_" + published++, slices);
    parts.put(replica, new DeltaFold.Part(address, DeltaForm.checksum(slices), weight));
  }

  private static void lose(Address address, int slice) {
    SparkEnv.get()
        .blockManager()
        .removeBlock(new BroadcastBlockId(address.scope(), address.field() + "_s" + slice), false);
  }

  private void kill(String executor) {
    Tasks.signal(Tasks.pid(spark, executor), "-KILL");
  }

  /** The start moved by what remains when groups of neighbours become their means. */
  private FlatVector expected(int width) {
    TreeMap<Integer, Map.Entry<Double, float[]>> level = new TreeMap<>();
    parts.forEach(
        (replica, part) -> {
          float[] values = new float[SIZE];
          if (deltas.containsKey(replica)) {
            deltas.get(replica).floats().get(values);
          }
          level.put(replica, Map.entry(part.weight(), values));
        });
    while (level.size() > width) {
      int from = level.size();
      int to = (from + width - 1) / width;
      TreeMap<Integer, Map.Entry<Double, float[]>> next = new TreeMap<>();
      for (int index = 0; index < to; index++) {
        Collection<Map.Entry<Double, float[]>> group =
            level.subMap(index * from / to, (index + 1) * from / to).values();
        double[] mean = mean(group);
        float[] rounded = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
          rounded[i] = (float) mean[i];
        }
        next.put(index, Map.entry(weight(group), rounded));
      }
      level.clear();
      level.putAll(next);
    }
    double[] mean = mean(level.values());
    FlatVector expected = FlatVector.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      expected.set(i, (float) (start.get(i) + mean[i]));
    }
    return expected;
  }

  private static double weight(Collection<Map.Entry<Double, float[]>> group) {
    double weight = 0;
    for (Map.Entry<Double, float[]> one : group) {
      weight += one.getKey();
    }
    return weight;
  }

  private static double[] mean(Collection<Map.Entry<Double, float[]>> group) {
    double weight = weight(group);
    double[] mean = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      for (Map.Entry<Double, float[]> one : group) {
        mean[i] += one.getKey() * one.getValue()[i];
      }
      mean[i] = weight == 0 ? 0 : mean[i] / weight;
    }
    return mean;
  }

  /** Plain, but when the driver begins for the first time an executor that folded is lost. */
  private static final class Losing implements MeanMove {
    private final MeanMove plain = plain();
    private final FoldTree tree;
    private final Consumer<String> lose;
    private SortedMap<Integer, DeltaFold.Part> before;
    private String lost;

    Losing(FoldTree tree, Consumer<String> lose) {
      this.tree = tree;
      this.lose = lose;
    }

    @Override
    public void begin() {
      plain.begin();
      if (lost == null) {
        before = new TreeMap<>(tree.top());
        lost = before.get(0).delta().executor();
        lose.accept(lost);
      }
    }

    @Override
    public Pieces slice(int index) {
      return plain.slice(index);
    }
  }
}
