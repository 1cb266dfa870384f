package io.lepton.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lepton.arrow.FlatVector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeltaFoldTest {
  private static final int SIZE = 33;
  private static final int REPLICAS = 9;

  private final FlatVector start = vector(0);

  @Test
  void theOrderOfArrivalDoesNotChangeTheBits() {
    List<Integer> arrival = new ArrayList<>(IntStream.range(0, REPLICAS).boxed().toList());
    FlatVector inOrder = folded(arrival);
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      Collections.shuffle(arrival, random);

      assertThat(folded(arrival).bytes()).isEqualTo(inOrder.bytes());
    }
  }

  @Test
  void theMeanIsWeighted() {
    DeltaFold fold = new DeltaFold(2);
    fold.accept(0, of(1, 10), 3);
    fold.accept(1, of(5, -30), 1);

    FlatVector moved = fold.applyTo(of(100, 200));

    assertThat(moved.get(0)).isEqualTo(100 + (3 * 1 + 1 * 5) / 4f);
    assertThat(moved.get(1)).isEqualTo(200 + (3 * 10 - 1 * 30) / 4f);
  }

  @Test
  void replicasWithoutStepsOrWeightDoNotCount() {
    DeltaFold fold = new DeltaFold(2);
    fold.accept(2, of(1, 2), 4);
    fold.accept(0, null, 0);
    fold.accept(1, of(50, 60), 0);

    FlatVector moved = fold.applyTo(of(0, 0));

    assertThat(moved.get(0)).isEqualTo(1);
    assertThat(moved.get(1)).isEqualTo(2);
  }

  @Test
  void withoutAnyStepNothingMoves() {
    DeltaFold fold = new DeltaFold(SIZE);
    fold.accept(0, null, 0);

    assertThat(fold.applyTo(start).bytes()).isEqualTo(start.bytes());
  }

  @Test
  void theStartIsLeftAsItIs() {
    DeltaFold fold = new DeltaFold(SIZE);
    fold.accept(0, vector(1), 1);

    fold.applyTo(start);

    assertThat(start.bytes()).isEqualTo(vector(0).bytes());
  }

  @Test
  void aMissingReplicaIsNamed() {
    DeltaFold fold = new DeltaFold(SIZE);
    fold.accept(0, vector(1), 1);
    fold.accept(2, vector(2), 1);

    assertThatThrownBy(() -> fold.applyTo(start))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no part came from replica 1");
  }

  private FlatVector folded(List<Integer> arrival) {
    DeltaFold fold = new DeltaFold(SIZE);
    arrival.forEach(replica -> fold.accept(replica, vector(replica + 1), 1 + replica / 3.0));
    return fold.applyTo(start);
  }

  private static FlatVector vector(long seed) {
    Random random = new Random(seed);
    FlatVector vector = FlatVector.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      vector.set(i, (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9))));
    }
    return vector;
  }

  private static FlatVector of(float... values) {
    FlatVector vector = FlatVector.allocate(values.length);
    vector.floats().put(values);
    return vector;
  }
}
