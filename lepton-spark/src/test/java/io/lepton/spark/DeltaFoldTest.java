package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.BroadcastBlockId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaFoldTest {
  private static final int SIZE = 100_033;
  private static final int SLICE = 40_000;
  private static final int THREADS = 2;
  private static final DeltaForm FORM = new DeltaForm(DeltaCodec.FLOAT32, false, SIZE, SLICE);

  private static final MeanMove PLAIN =
      new OuterStep(OuterOptimizer.PLAIN, WeightRanges.of(List.of()), SIZE);

  private final FlatVector start = Vectors.scattered(SIZE, 0);
  private final TreeMap<Integer, DeltaFold.Part> parts = new TreeMap<>();
  private final TreeMap<Integer, FlatVector> deltas = new TreeMap<>();
  private BlockScope scope;
  private int published;

  @BeforeEach
  void open() {
    scope = new BlockScope(JavaSparkContext.fromSparkContext(Cluster.local().sparkContext()));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void theMeanIsWeightedAndSummedInTheOrderOfReplicas(int threads) {
    addNine();

    assertThat(fold(threads).run().bytes()).isEqualTo(expected().bytes());
    assertThatNoThreadIsLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 4, 17})
  void theSameBitsComeOfSomeReplicasAtATimeWhereMemoryIsShort(int slices) {
    addNine();
    long slice = SLICE * Float.BYTES;
    SliceMeans means = new SliceMeans(FORM, 2, slices * slice);

    FlatVector moved = new DeltaFold(start, dirty(), parts, FORM, PLAIN, means).run();

    assertThat(moved.bytes()).isEqualTo(expected().bytes());
    long sums = slice * Double.BYTES / Float.BYTES;
    assertThat(means.mostHeld() - 2 * sums)
        .isBetween(2 * slice, Math.max(4, slices) * slice + 300_000);
  }

  @Test
  void replicasWithoutStepsOrWeightDoNotCount() {
    add(1, Vectors.scattered(SIZE, 1), 0);
    add(2, Vectors.scattered(SIZE, 2), 4);
    parts.put(0, new DeltaFold.Part(null, 0, 0));
    deltas.remove(1);

    assertThat(fold(THREADS).run().bytes()).isEqualTo(expected().bytes());
  }

  @Test
  void withoutAnyStepNothingMoves() {
    parts.put(0, new DeltaFold.Part(null, 0, 0));

    FlatVector moved = fold(THREADS).run();

    assertThat(moved.bytes()).isEqualTo(start.bytes());
    assertThat(moved).isNotSameAs(start);
  }

  @Test
  void theStartIsLeftAsItIs() {
    add(0, Vectors.scattered(SIZE, 1), 1);

    fold(THREADS).run();

    assertThat(start.bytes()).isEqualTo(Vectors.scattered(SIZE, 0).bytes());
  }

  @Test
  void aReplicaThatRanAgainWithTheSameBitsIsTakenFromWhereItWasLost() {
    add(0, Vectors.scattered(SIZE, 1), 1);
    add(1, Vectors.scattered(SIZE, 2), 2);
    List<Integer> asked = new ArrayList<>();
    DeltaFold fold = fold(1, counting(asked));
    lose(parts.get(1).delta(), 1);

    assertThatThrownBy(fold::run)
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("%s_s1".formatted(parts.get(1).delta().field()));
    assertThat(fold.done()).isEqualTo(1);

    fold.replace(1, add(1, Vectors.scattered(SIZE, 2), 2));
    assertThat(fold.done()).isEqualTo(1);
    assertThat(fold.run().bytes()).isEqualTo(expected().bytes());
    assertThat(asked).containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void threadsThatFoldOtherSlicesEndWithTheOneThatMissesOneAndWhatTheyFoldedCounts(int threads) {
    add(0, Vectors.scattered(SIZE, 1), 1);
    add(1, Vectors.scattered(SIZE, 2), 2);
    List<Integer> asked = Collections.synchronizedList(new ArrayList<>());
    DeltaFold fold = fold(threads, counting(asked));
    lose(parts.get(1).delta(), 1);

    assertThatThrownBy(fold::run)
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("%s_s1".formatted(parts.get(1).delta().field()));
    assertThatNoThreadIsLeft();
    assertThat(asked).doesNotContain(1);

    fold.replace(1, add(1, Vectors.scattered(SIZE, 2), 2));
    assertThat(fold.run().bytes()).isEqualTo(expected().bytes());
    assertThat(asked).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(fold.done()).isEqualTo(3);
  }

  @Test
  void noSumIsOfTwoAttemptsThatDiffer() {
    add(0, Vectors.scattered(SIZE, 1), 1);
    add(1, Vectors.scattered(SIZE, 2), 2);
    DeltaFold fold = fold(THREADS);
    lose(parts.get(1).delta(), 2);
    assertThatThrownBy(fold::run).isInstanceOf(FetchException.class);

    fold.replace(1, add(1, Vectors.scattered(SIZE, 3), 2));

    assertThat(fold.run().bytes()).isEqualTo(expected().bytes());
  }

  @Test
  void whatIsHeldDoesNotDependOnTheNumberOfReplicas() {
    FlatVector large = FlatVector.allocate(3 * Publisher.SLICE / Float.BYTES);
    long bytes = 4L * large.size();

    long one = heldWith(1, large);
    long sixteen = heldWith(16, large);

    assertThat(one).isLessThan(sixteen);
    assertThat(sixteen).isLessThan(2 * bytes + SliceMeans.mostBytes(THREADS));
    assertThat(heldWith(18, large)).isEqualTo(sixteen);
  }

  @Test
  void codedDeltasAreFoldedAsTheyAreRead() {
    DeltaForm form = new DeltaForm(DeltaCodec.INT8, false, SIZE, 16_384);
    FlatVector read = FlatVector.allocate(SIZE);
    List<ByteBuffer> slices = form.encode(Vectors.scattered(SIZE, 5), null);
    for (int slice = 0; slice < form.slices(); slice++) {
      form.codec().decode(slices.get(slice), read, form.from(slice), form.count(slice));
    }
    Address address = Publisher.publish(scope.id(), "coded", slices);
    parts.put(0, new DeltaFold.Part(address, DeltaForm.checksum(slices), 3));
    deltas.put(0, read);

    assertThat(
            new DeltaFold(start, FlatVector.allocate(start.size()), parts, form, PLAIN, THREADS)
                .run()
                .bytes())
        .isEqualTo(expected().bytes());
    assertThat((double) address.bytes()).isLessThan(0.27 * SIZE * Float.BYTES);
  }

  @ParameterizedTest
  @EnumSource
  void blocksThatDidNotMoveAreLeftOutAndChangeNoBit(DeltaCodec codec) {
    FlatVector delta = FlatVector.allocate(SIZE);
    Random random = new Random(3);
    for (int row = 0; row < 100; row++) {
      int at = 4 * random.nextInt(SIZE / 40);
      for (int i = at; i < at + 4; i++) {
        delta.set(i, (float) random.nextGaussian());
      }
    }
    delta.set(SIZE - 1, 3);
    DeltaForm form = new DeltaForm(codec, false, SIZE, 16_384);
    List<ByteBuffer> slices = form.encode(delta, null);
    parts.put(0, publish(whole(codec, Vectors.scattered(SIZE, 1)), 2));
    parts.put(1, publish(slices, 5));

    FlatVector moved = new DeltaFold(start, dirty(), parts, form, PLAIN, THREADS).run();

    parts.put(1, publish(whole(codec, delta), 5));
    FlatVector dense = new DeltaFold(start, dirty(), parts, form, PLAIN, THREADS).run();
    assertThat(moved.bytes()).isEqualTo(dense.bytes());
    assertThat(slices.stream().mapToInt(ByteBuffer::remaining).sum())
        .isLessThan(codec.encodedBytes(SIZE) / 8);
  }

  @Test
  void whatDoesNotTravelStaysAsItIs() {
    add(0, Vectors.scattered(SIZE, 1), 1);
    DeltaForm form = new DeltaForm(DeltaCodec.FLOAT32, false, 60_000, SLICE);
    List<ByteBuffer> slices = form.encode(Vectors.scattered(SIZE, 1), null);
    Address address = Publisher.publish(scope.id(), "part", slices);
    parts.put(0, new DeltaFold.Part(address, DeltaForm.checksum(slices), 1));

    FlatVector moved =
        new DeltaFold(start, FlatVector.allocate(start.size()), parts, form, PLAIN, THREADS).run();

    assertThat(moved.get(59_999)).isEqualTo(expected().get(59_999));
    assertThat(moved.get(60_000)).isEqualTo(start.get(60_000));
    assertThat(moved.get(SIZE - 1)).isEqualTo(start.get(SIZE - 1));
  }

  private long heldWith(int replicas, FlatVector delta) {
    parts.clear();
    for (int replica = 0; replica < replicas; replica++) {
      publish(replica, delta, 1, Publisher.slice(4L * delta.size()));
    }
    DeltaFold fold =
        new DeltaFold(
            delta,
            FlatVector.allocate(delta.size()),
            parts,
            DeltaForm.plain(delta.size()),
            PLAIN,
            THREADS);
    fold.run();
    parts.values().forEach(part -> Publisher.remove(part.delta()));
    return fold.mostHeld();
  }

  private DeltaFold fold(int threads) {
    return fold(threads, PLAIN);
  }

  private DeltaFold fold(int threads, MeanMove move) {
    return new DeltaFold(start, dirty(), parts, FORM, move, threads);
  }

  /** Plain, and tells which slices it moves. */
  private static MeanMove counting(List<Integer> asked) {
    return new MeanMove() {
      @Override
      public void begin() {
        PLAIN.begin();
      }

      @Override
      public Pieces slice(int index) {
        asked.add(index);
        return PLAIN.slice(index);
      }
    };
  }

  private void addNine() {
    for (int replica = 8; replica >= 0; replica--) {
      add(replica, Vectors.scattered(SIZE, replica + 1), 1 + replica / 3.0);
    }
  }

  private static void assertThatNoThreadIsLeft() {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("lepton-fold");
  }

  private FlatVector dirty() {
    FlatVector vector = FlatVector.allocate(start.size());
    for (int i = 0; i < vector.size(); i++) {
      vector.set(i, Float.NaN);
    }
    return vector;
  }

  private DeltaFold.Part add(int replica, FlatVector delta, double weight) {
    deltas.put(replica, delta);
    return publish(replica, delta, weight, SLICE * Float.BYTES);
  }

  private DeltaFold.Part publish(int replica, FlatVector delta, double weight, int slice) {
    List<ByteBuffer> slices = Publisher.cut(delta, slice);
    Address address = Publisher.publish(scope.id(), "delta_" + published++, slices);
    DeltaFold.Part part = new DeltaFold.Part(address, DeltaForm.checksum(slices), weight);
    parts.put(replica, part);
    return part;
  }

  private DeltaFold.Part publish(List<ByteBuffer> slices, double weight) {
    Address address = Publisher.publish(scope.id(), "coded_" + published++, slices);
    return new DeltaFold.Part(address, DeltaForm.checksum(slices), weight);
  }

  /** Slices of which nothing is left out. */
  private static List<ByteBuffer> whole(DeltaCodec codec, FlatVector delta) {
    List<ByteBuffer> slices = new ArrayList<>();
    for (int from = 0; from < SIZE; from += 16_384) {
      int count = Math.min(16_384, SIZE - from);
      ByteBuffer coded = ByteBuffer.allocateDirect(codec.encodedBytes(count));
      codec.encode(delta, from, count, coded);
      slices.add(coded);
    }
    return slices;
  }

  private static void lose(Address address, int slice) {
    SparkEnv.get()
        .blockManager()
        .removeBlock(new BroadcastBlockId(address.scope(), address.field() + "_s" + slice), false);
  }

  private FlatVector expected() {
    FlatVector expected = FlatVector.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      double sum = 0;
      double weight = 0;
      for (int replica : deltas.keySet()) {
        sum += parts.get(replica).weight() * deltas.get(replica).get(i);
        weight += parts.get(replica).weight();
      }
      expected.set(i, (float) (start.get(i) + sum / weight));
    }
    return expected;
  }
}
